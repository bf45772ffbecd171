import type { Observation } from '../../../sql-runner/model/observation';
import type { PlanMode } from '../../../sql-runner/model/plan';
import type { OptionName } from '../../../sql-runner/postgres/catalog/subscription-options';
import { formatMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import {
  cloned,
  edit,
  FLUSH,
  following,
  NONCE,
  prepared,
  publication,
  SEED,
  untouched,
  withStream,
} from '../support/observations';
import { partition, table } from '../support/tables';
import { after, and, type Change, contract } from './scenarios';

const OF = 'acas_demo_shop';

/** A subscription that somebody disabled, of a stream that had begun. */
const disabled = (change: Change = () => undefined): Observation =>
  edit(withStream(contract, cloned(contract), 'shop', { enabled: false, progress: FLUSH }), (draft) => {
    draft.source.slots[0]!.confirmedFlushLsn = FLUSH;
    change(draft);
  });
const notBegun = (change: Change): Observation =>
  edit(withStream(contract, cloned(contract), 'shop', { enabled: false, progress: null }), change);
const options =
  (values: Partial<Record<OptionName, string>>): Change =>
  ({ target }) =>
    Object.assign(target!.databases.shop!.streams[OF]!.options!.values, values);
const remembers =
  (overrides: Partial<SubscriptionMark>): Change =>
  ({ target }) => {
    const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: 'version-1' };
    const comment = formatMark({ ...mark, ...overrides } as SubscriptionMark);
    target!.subscriptions[0]!.comment = comment;
    target!.databases.shop!.streams[OF]!.subscription!.comment = comment;
  };
const publicationIs =
  (overrides: object): Change =>
  ({ source }) =>
    Object.assign(source.databases.shop!.publications[0]!, overrides);
const ownedBy = (mayAlter: boolean) => publicationIs({ foreignOwner: { owner: 'app', login: 'master', mayAlter } });

/** As SCENARIOS: what somebody altered behind our back. */
export const SCENARIOS_OF_DRIFT: readonly (readonly [name: string, mode: PlanMode, observation: Observation])[] = [
  ['a subscription that somebody disabled', 'apply', disabled()],
  ['one whose options were altered too', 'apply', disabled(options({ origin: 'none', failover: 'true' }))],
  ['one whose slot is gone', 'apply', disabled(({ source }) => (source.slots = []))],
  ['one whose slot has no position', 'apply', disabled(({ source }) => (source.slots[0]!.confirmedFlushLsn = null))],
  ['one that takes another publication', 'apply', after(following, options({ publication: '["x"]', binary: 'true' }))],
  ['one that took another one', 'apply', after(following, remembers({ unproven: { altered: ['publication'] } }))],
  [
    'one that was altered again before its rows were compared',
    'apply',
    after(following, and(remembers({ unproven: { origin: SEED, altered: ['origin'] } }), options({ slot_name: 'x' }))),
  ],
  [
    'one that is altered in itself and at its slot',
    'apply',
    after(following, options({ origin: 'none', failover: 'true' })),
  ],
  [
    'one whose options cannot be read',
    'apply',
    after(following, ({ target }) => delete target!.databases.shop!.streams[OF]!.options),
  ],
  ['one that is two-phase, and nothing else', 'apply', after(following, options({ two_phase: 'true' }))],
  ['a publication of another role', 'apply', after(following, ownedBy(true))],
  ['a publication of a role that is not ours to change', 'apply', after(following, ownedBy(false))],
  ['a publication without the heartbeat', 'apply', after(following, publicationIs({ heartbeat: false }))],
  [
    'a publication that got the heartbeat later',
    'apply',
    after(following, ({ target }) => (target!.databases.shop!.publications[0]!.heartbeat = false)),
  ],
  [
    'a table that is selected no more',
    'apply',
    edit(following(contract), ({ source }) => {
      source.databases.shop!.tables[1]!.extension = { name: 'postgis', configured: false };
    }),
  ],
  [
    'a role whose password ends, with too few connections',
    'apply',
    after(following, ({ source }) =>
      Object.assign(source.role!, { passwordExpires: '2030-01-01T00:00:00Z', connectionLimit: 0 }),
    ),
  ],
  [
    'a role with just enough connections, and a setting in one database',
    'apply',
    after(following, ({ source }) => {
      const [first] = source.role!.settings;
      source.role!.settings.push({ ...first!, database: 'shop' }, { ...first!, database: 'other', value: '1' });
      source.role!.connectionLimit = 1;
    }),
  ],
  [
    'a table of its own that came after the ticket, in a publication of all',
    'apply',
    after(following, ({ source }) => {
      source.databases.shop!.tables.push(table('late'), table('cache', { persistence: 'unlogged' }));
      source.databases.shop!.publications[0]!.allTables = true;
    }),
  ],
  [
    'a clone with the positions of another tool',
    'apply',
    after(cloned, ({ source, target }) => {
      const origins = [
        { id: 9, name: 'tool' },
        { id: 10, name: "another's" },
      ];
      for (const side of [source, target!]) Object.assign(side, { inheritable: { ...side.inheritable, origins } });
    }),
  ],
  [
    'a clone to connect, of a source without heartbeat',
    'apply',
    after(cloned, ({ source, target }) => {
      for (const side of [source, target!]) {
        side.databases.shop!.heartbeats = [];
        side.databases.shop!.publications[0]!.heartbeat = false;
      }
    }),
  ],
  ['one that takes another publication before it began', 'apply', notBegun(options({ publication: '["x"]' }))],
  ['one that has another slot option before it began', 'apply', notBegun(options({ failover: 'true' }))],
  [
    'a secret that is gone while the stream follows',
    'apply',
    after(following, ({ source }) => Object.assign(source, { secretVersion: null, passwordWorks: null })),
  ],
  [
    'a publication without the heartbeat before the ticket',
    'apply',
    after(untouched, (draft) => {
      const { source } = edit(prepared(contract), () => undefined);
      Object.assign(draft, { source });
      Object.assign(draft.source.databases.shop!.publications[0]!, { ...publication(OF, null), heartbeat: false });
    }),
  ],
  [
    'a partitioned table',
    'apply',
    after(untouched, ({ source }) => {
      source.databases.shop!.tables.push(table('visits', { kind: 'root' }), partition('visits_1', 'visits'));
    }),
  ],
];
