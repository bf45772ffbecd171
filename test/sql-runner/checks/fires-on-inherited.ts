import type { InvalidIndex } from '../../../sql-runner/postgres/catalog/invalid-indexes';
import type { PublicationIdentity } from '../../../sql-runner/postgres/catalog/publication-identities';
import { surveyedSlot } from '../support/surveys';
import { definition, feed, halfBuilt, sent, unconnected, type Edit, type Fires } from './provocations';

const copied =
  (here: Partial<PublicationIdentity> = {}): Edit =>
  ({ source, target }) => {
    source.databases.shop!.publicationIdentities.push(feed);
    target.databases.shop!.publicationIdentities.push({ ...feed, ...here });
  };

/** @param there what the source has of it; null: nothing */
const half =
  (there: boolean | null, here: Partial<InvalidIndex> = {}): Edit =>
  ({ target, shapes }) => {
    target.databases.shop!.invalidIndexes.push({ ...halfBuilt, ...here });
    const indexesThere = there === null ? [] : [{ oid: 900, name: 'Half', valid: there }];
    shapes.shop = { pairs: [], unread: [], usedTypes: [], typesOnClone: [], indexesThere };
  };
const both =
  (...edits: Edit[]): Edit =>
  (world) =>
    edits.forEach((edit) => edit(world));

/** What a clone brought along, or keeps for ever. */
export const FIRES_ON_INHERITED: readonly Fires[] = [
  ['INHERITED_PUBLICATION_LEFT', 'warn', copied(), 'in database shop on the clone: DROP PUBLICATION "Feed";'],
  ['INHERITED_PUBLICATION_LEFT', 'info', copied({ needsIdentity: false }), 'DROP PUBLICATION "Feed";'],
  ['INHERITED_PUBLICATION_LEFT', 'warn', copied({ mayDrop: false }), 'as app in database shop on the clone:'],
  [
    'INHERITED_PUBLICATION_LEFT',
    'info',
    both(unconnected, copied()),
    'nothing: the apply that connects the clone drops it first',
  ],
  ['INHERITED_PUBLICATION_LEFT', 'warn', both(unconnected, copied({ mayDrop: false })), 'as app in database shop'],
  [
    'INHERITED_PUBLICATION_LEFT',
    'warn',
    both(copied(), ({ target }) => target.slots.push(surveyedSlot('lake'))),
    'if nobody reads it there by slot lake, in database shop',
  ],
  ['INDEX_HALF_BUILT', 'warn', half(false), 'on the clone: DROP INDEX CONCURRENTLY "parts"."Half";'],
  [
    'INDEX_HALF_BUILT',
    'info',
    both(unconnected, half(false)),
    'nothing: the apply that connects the clone drops it first',
  ],
  ['INDEX_HALF_BUILT', 'warn', both(unconnected, half(false, { mayDrop: false })), 'as app in database shop on the'],
  [
    'INDEX_HALF_BUILT',
    'warn',
    half(true),
    'has applied what is older, in database shop on the clone: REINDEX INDEX CONCURRENTLY "parts"."Half";',
  ],
  ['INDEX_HALF_BUILT', 'warn', half(false, { attached: true }), 'on the clone: REINDEX INDEX CONCURRENTLY'],
  ['INDEX_HALF_BUILT', 'warn', half(null, { unique: false }), 'DROP INDEX CONCURRENTLY "parts"."Half";'],
  [
    'INDEX_HALF_BUILT',
    'warn',
    both(half(null), ({ source }) => source.databases.shop!.sent.push({ ...sent, publication: 'other' })),
    'DROP INDEX CONCURRENTLY "parts"."Half";',
  ],
  [
    'SLOT_IDLE_LIMITED',
    'warn',
    ({ source }) => Object.assign(source.server, { idleSlotTimeout: '1d' }),
    'set idle_replication_slot_timeout to 0 in',
  ],
  [
    'SENDER_WAITS_FOREVER',
    'warn',
    ({ source }) =>
      source.databases.shop!.senderSettings.push({ name: 'wal_sender_timeout', value: '0', from: 'database' }),
    `ALTER ROLE "acas_demo" IN DATABASE "shop" SET wal_sender_timeout = '1min'; SELECT pg_terminate_backend(active_pid)`,
  ],
  [
    'RECEIVER_WAITS_FOREVER',
    'warn',
    ({ target }) => Object.assign(target.server, { walReceiverTimeoutMs: 0 }),
    'set wal_receiver_timeout to 60000',
  ],
];

/** Which are none of this. */
export const SILENT_ON_INHERITED: readonly (readonly [what: string, change: Edit])[] = [
  ['a publication that was made on the clone', copied({ oid: 801 })],
  ['one that was renamed there', copied({ name: 'renamed' })],
  [
    'one of this environment under an older name',
    copied({ comment: 'aurora-cross-account-sync {"kind":"publication","environment":"demo","slot":"s"}' }),
  ],
  ['an index that is being built', half(null, { building: true })],
  [
    'a timeout of a walsender',
    ({ source }) =>
      source.databases.shop!.senderSettings.push({ name: 'wal_sender_timeout', value: '60000', from: 'server' }),
  ],
  ['slots that are kept for ever', ({ source }) => Object.assign(source.server, { idleSlotTimeout: '0' })],
  [
    'a unique index of a replicated table, which UNIQUE_ONLY_ON_CLONE tells',
    both(half(null), ({ source, target }) => {
      source.databases.shop!.sent.push(sent);
      source.databases.shop!.definitions.push(definition);
      target.databases.shop!.definitions.push(definition);
      target.databases.shop!.taken.push({ ...sent, subscription: 'acas_demo_shop', table: 700, state: 'r' });
    }),
  ],
];
