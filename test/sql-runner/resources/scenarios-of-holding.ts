import type { Observation } from '../../../sql-runner/model/observation';
import { formatMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { edit, following, SEED } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import { after, and, contract, type Change } from './scenarios';

/** Where both sides stood when the stream was held; see `held`. */
const HELD_AT = { origin: SEED, confirmed: '0/3000010' } as const;

type Hold = NonNullable<SubscriptionMark['held']>;
/** Before it was held; to be disabled is one more. */
const UPDATES = 4;
const RECORD: Hold = { at: '2026-01-02T03:04:05.000Z', ...HELD_AT, version: 170_000 };

/** A stream that follows, disabled by consent. */
const held =
  (more: Partial<Hold> = {}): Change =>
  ({ source, target }) => {
    const comment = formatMark({ ...SUBSCRIPTION_MARK, updates: UPDATES, held: { ...RECORD, ...more } });
    target!.subscriptionUpdates = UPDATES + 1;
    Object.assign(target!.databases.shop!.streams.acas_demo_shop!.subscription!, { enabled: false, comment });
    for (const one of target!.subscriptions) Object.assign(one, { enabled: false, comment });
    Object.assign(source.slots[0]!, { active: false, activePid: null, confirmedFlushLsn: HELD_AT.confirmed });
    source.server.versionNum = 170_000;
  };

const slotAt =
  (lsn: string): Change =>
  ({ source }) =>
    void (source.slots[0]!.confirmedFlushLsn = lsn);
const originAt =
  (lsn: string): Change =>
  ({ target }) =>
    void (target!.databases.shop!.streams.acas_demo_shop!.originProgress = lsn);
const version =
  (versionNum: number): Change =>
  ({ source }) =>
    void (source.server.versionNum = versionNum);
const updates =
  (count: number | null): Change =>
  ({ target }) =>
    void (target!.subscriptionUpdates = count);
const noSlot: Change = ({ source }) => void (source.slots = []);
const limited: Change = ({ source }) => void (source.server.maxSlotWalKeepSize = 4096);
const newSecret: Change = ({ source }) => void (source.secretVersion = 'version-2');
const enabled: Change = ({ target }) =>
  void (target!.databases.shop!.streams.acas_demo_shop!.subscription!.enabled = true);
const resetting: Change = ({ source }) =>
  void (source.databases.shop!.publications[0]!.comment = formatMark({
    kind: 'publication',
    environment: 'demo',
    slot: 'acas_demo_shop',
    resetting: true,
  }));
const at = (...changes: Change[]): Observation => after(following, and(...changes));
const upgradable = version(170_000);

export const SCENARIOS_OF_HOLDING: readonly (readonly [name: string, mode: PlanMode, observation: Observation])[] = [
  ['a stream to hold', 'hold', at(upgradable)],
  ['a stream to hold, of a version whose upgrade needs slots to be gone', 'hold', at(version(160_000), limited)],
  ['a stream that is held already', 'hold', at(held())],
  ['a hold that was not recorded whole', 'hold', at(held({ open: true }))],
  ['a stream to hold for good', 'release', at(upgradable)],
  ['a held stream to give up', 'release', at(held())],
  ['a held stream that was given up', 'release', at(held({ released: true }), noSlot)],
  [
    'nothing to hold: it is disabled by somebody',
    'hold',
    at(held(), ({ target }) => {
      target!.databases.shop!.streams.acas_demo_shop!.subscription!.comment = formatMark(SUBSCRIPTION_MARK);
    }),
  ],
  ['nothing to hold: no slot', 'hold', at(upgradable, noSlot)],
  ['nothing to hold: a reset is not finished', 'hold', at(resetting)],
  ['a held stream', 'apply', at(held())],
  ['a held stream to let go on', 'resume', at(held())],
  ['a held stream whose slot a crash has put back', 'resume', at(held(), slotAt('0/3000008'))],
  ['a held stream with a new secret', 'resume', at(held(), newSecret)],
  ['a held stream whose slot was read', 'resume', at(held(), slotAt('0/3000011'))],
  ['a held stream whose slot was read, before an apply', 'apply', at(held(), slotAt('0/3000011'))],
  ['a held stream whose origin was moved', 'resume', at(held(), originAt('0/3000001'))],
  [
    'a held stream whose slot and origin have moved on, and a subscription was altered',
    'resume',
    at(held(), slotAt('0/3000011'), originAt('0/3000001'), updates(UPDATES + 3)),
  ],
  [
    'a held stream whose slot was read, and a subscription was altered',
    'resume',
    at(held(), slotAt('0/3000011'), updates(UPDATES + 3)),
  ],
  [
    'a held stream whose slot was read, of a clone that counts anew',
    'resume',
    at(held(), slotAt('0/3000011'), updates(0)),
  ],
  [
    'a held stream whose slot was read, of a clone that does not count',
    'resume',
    at(held(), slotAt('0/3000011'), updates(null)),
  ],
  [
    'a held stream whose origin was put back',
    'resume',
    at(held({ origin: '0/3000008' }), originAt('0/3000004'), updates(UPDATES + 3)),
  ],
  ['a held stream without its slot', 'resume', at(held({ released: true }), noSlot)],
  ['a held stream of a source that was upgraded', 'resume', at(held(), slotAt('0/3F00000'), version(180_001))],
  [
    'a held stream of a source that was upgraded from 16',
    'resume',
    at(held({ version: 160_000 }), slotAt('0/3F00000')),
  ],
  ['a hold that was not recorded whole, to let go on', 'resume', at(held({ open: true }))],
  ['a held stream that somebody enabled', 'apply', at(held(), enabled)],
  ['a stream that is not held', 'resume', at(upgradable)],
  ['nothing to let go on: a reset is not finished', 'resume', at(held(), resetting)],
  [
    'nothing to let go on: no stream',
    'resume',
    edit(following(contract), ({ target }) => {
      target!.databases.shop!.streams.acas_demo_shop = { subscription: null, originProgress: null };
      target!.subscriptions = [];
    }),
  ],
  ['a password to replace', 'rotate', at()],
  ['a password to replace while it is held', 'rotate', at(held())],
  ['a password that the server refuses, to replace', 'rotate', at(({ source }) => (source.passwordWorks = false))],
  ['a password to replace without a clone', 'rotate', edit(following(contract), (draft) => (draft.target = null))],
  ['nothing to rotate', 'rotate', at(({ source }) => (source.passwordWorks = null))],
];
