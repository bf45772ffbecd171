import type { Observation } from '../../../sql-runner/model/observation';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract } from '../support/contract';
import { inherited } from './inherited';
import {
  cloned,
  type Draft,
  edit,
  following,
  prepared,
  SEED,
  ticketed,
  untouched,
  withStream,
} from '../support/observations';
import { table, UNIDENTIFIED } from '../support/tables';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

export const contract = sourceContract(['shop']);

export type Change = (draft: Draft<Observation>) => void;
/** One after the other. */
export const and =
  (...changes: Change[]): Change =>
  (draft) =>
    changes.forEach((change) => change(draft));
export const after = (state: (of: typeof contract) => Observation, change: Change): Observation =>
  edit(state(contract), (draft) => void change(draft));
const half = (enabled: boolean, progress: string | null, change: Change = () => undefined): Observation =>
  edit(withStream(contract, cloned(contract), 'shop', { enabled, progress }), (draft) => void change(draft));

const fenced = formatMark({ ...SUBSCRIPTION_MARK, fence: true });
export const withFence: Change = ({ target }) => {
  target!.subscriptions[0]!.comment = fenced;
  target!.databases.shop!.streams.acas_demo_shop!.subscription!.comment = fenced;
  target!.readOnlyDatabases = ['shop'];
};
const newSecret: Change = ({ source }) => (source.secretVersion = 'version-2');
const raised: Change = ({ target }) => (target!.fence = true);
const both =
  (...changes: Change[]): Change =>
  (draft) =>
    changes.forEach((change) => change(draft));

/** A name, what is asked for, and what was observed. */
export const SCENARIOS: readonly (readonly [name: string, mode: PlanMode, observation: Observation])[] = [
  ['an untouched source', 'apply', untouched(contract)],
  ['slots made, no ticket in the parameter', 'apply', prepared(contract)],
  ['a ticket and no clone', 'apply', ticketed(contract)],
  [
    'a slot that moved before the clone',
    'apply',
    after(ticketed, ({ source }) => (source.slots[0]!.confirmedFlushLsn = '0/2000001')),
  ],
  ['a clone to connect', 'apply', cloned(contract)],
  ['a clone to connect and to fence', 'apply', after(cloned, raised)],
  ['a subscription without progress', 'apply', half(false, null)],
  ['a subscription without progress, a new secret and a fence', 'apply', half(false, null, both(newSecret, raised))],
  ['a subscription at the seed', 'apply', half(false, SEED)],
  ['a subscription at the seed, a new secret and a fence', 'apply', half(false, SEED, both(newSecret, raised))],
  ['a stream that follows', 'apply', following(contract)],
  ['a stream that follows, a new secret and a fence', 'apply', after(following, both(newSecret, raised))],
  ['a fence to lower', 'apply', after(following, withFence)],
  ['a fence that is wanted and there', 'apply', after(following, both(withFence, raised))],
  ['a password that does not work', 'apply', after(following, ({ source }) => (source.passwordWorks = false))],
  ['a clone that brings everything along', 'apply', after(cloned, inherited)],
  ['a subscription without progress on such a clone', 'apply', half(false, null, inherited)],
  ['a subscription at the seed on such a clone', 'apply', half(false, SEED, inherited)],
  [
    'a subscription of ours whose like the source has as well',
    'apply',
    half(false, null, ({ source }) => (source.subscriptions = [{ oid: 16500, name: 'acas_demo_shop' }])),
  ],
  [
    'a stream that follows without any ticket',
    'apply',
    after(following, (draft) => {
      draft.ticket = null;
      const mark = { kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' } as const;
      draft.source.databases.shop!.publications[0]!.comment = formatMark(mark);
    }),
  ],
  ['a clone whose ticket parameter is missing', 'apply', after(cloned, (draft) => (draft.ticket = null))],
  [
    'a clone whose ticket parameter is missing, and its slot',
    'apply',
    after(cloned, (draft) => {
      draft.ticket = null;
      draft.source.slots = [];
    }),
  ],
  [
    'a database that was dropped after the ticket',
    'apply',
    after(following, ({ source }) => {
      Object.assign(source.databases.shop!, { exists: false, tables: [], publications: [] });
    }),
  ],
  [
    'a publication that differs from that of a clone of before',
    'apply',
    after(cloned, ({ source, target }) => {
      target!.deployedNonce = 'older';
      source.databases.shop!.publications[0]!.tables.pop();
    }),
  ],
  [
    'a table without identity that came after the ticket',
    'apply',
    after(prepared, ({ source }) => source.databases.shop!.tables.push(table('new', { ...UNIDENTIFIED }))),
  ],
  [
    'a grant that is missing while the stream follows',
    'apply',
    after(following, ({ source }) => (source.databases.shop!.connectGrant.mayConnect = false)),
  ],
  [
    'exactly as many slots as there are',
    'apply',
    after(ticketed, ({ source }) => (source.server.maxReplicationSlots = 1)),
  ],
  [
    'a source that is blocked, with a clone that would be',
    'apply',
    after(cloned, ({ source, target }) => {
      source.slots[0]!.walStatus = 'lost';
      target!.seedLsn = null;
    }),
  ],
  [
    'a publication that was altered before the ticket',
    'apply',
    after(prepared, ({ source }) => {
      const mine = source.databases.shop!.publications[0]!;
      mine.comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
      mine.publishesEverything = false;
    }),
  ],
  [
    'a table that is not in the publication before the ticket',
    'apply',
    after(prepared, ({ source }) => {
      const mine = source.databases.shop!.publications[0]!;
      mine.comment = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
      mine.tables.pop();
    }),
  ],
  [
    'a publication that was altered after the clone',
    'apply',
    after(following, ({ source }) => (source.databases.shop!.publications[0]!.allTables = true)),
  ],
  [
    'a table that came after the ticket',
    'apply',
    after(following, ({ source }) => source.databases.shop!.tables.push(table('new'))),
  ],
  [
    'a clone without a ticket',
    'apply',
    after(cloned, ({ target }) => (target!.databases.shop!.publications[0]!.comment = null)),
  ],
  [
    'a clone under another ticket',
    'apply',
    after(cloned, ({ target }) => {
      const mark = { kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' } as const;
      target!.databases.shop!.publications[0]!.comment = formatMark({
        ...mark,
        ticket: { nonce: 'older', confirmedFlushLsn: '0/1' },
      });
    }),
  ],
  [
    'another publication before ours on the clone',
    'apply',
    after(cloned, ({ target }) => {
      const { publications } = target!.databases.shop!;
      publications.unshift({ ...publications[0]!, name: 'other', comment: null, tables: [] });
    }),
  ],
  [
    'no seed function',
    'apply',
    after(cloned, ({ target }) => Object.assign(target!, { seedFunctionExists: false, seedLsn: null })),
  ],
  ['no seed LSN', 'apply', after(cloned, ({ target }) => (target!.seedLsn = null))],
  ['a seed LSN before the slot', 'apply', after(cloned, ({ target }) => (target!.seedLsn = '0/1'))],
  ['a seed LSN beyond the source', 'apply', after(cloned, ({ target }) => (target!.seedLsn = 'F/1'))],
  [
    'a slot that is read, by whom is not known',
    'apply',
    after(cloned, ({ source }) => (source.slots[0]!.active = true)),
  ],
  [
    'a slot that is read',
    'apply',
    after(cloned, ({ source }) => Object.assign(source.slots[0]!, { active: true, activePid: 7 })),
  ],
  [
    'a slot that was consumed',
    'apply',
    after(cloned, ({ source }) => (source.slots[0]!.confirmedFlushLsn = '0/2000001')),
  ],
  ['a slot without a position', 'apply', after(cloned, ({ source }) => (source.slots[0]!.confirmedFlushLsn = null))],
  ['a slot that is gone', 'apply', after(cloned, ({ source }) => (source.slots = []))],
  [
    'a slot of another kind',
    'apply',
    after(ticketed, ({ source }) => Object.assign(source.slots[0]!, { temporary: true, twoPhase: true })),
  ],
  [
    'a slot that was invalidated',
    'apply',
    after(following, ({ source }) => (source.slots[0]!.invalidationReason = 'rows_removed')),
  ],
  ['a slot whose WAL is gone', 'apply', after(following, ({ source }) => (source.slots[0]!.walStatus = 'lost'))],
  [
    'no secret on a clone to connect',
    'apply',
    after(cloned, ({ source }) => Object.assign(source, { secretVersion: null, passwordWorks: null })),
  ],
];
