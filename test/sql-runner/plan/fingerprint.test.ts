import fc from 'fast-check';
import { fingerprint } from '../../../sql-runner/plan/fingerprint';
import type { Observation } from '../../../sql-runner/model/observation';
import { anyObservation } from '../support/arbitrary';
import { sourceContract } from '../support/contract';
import { takenBy } from '../support/catalog-rows';
import { cloned, type Draft, edit, following, slot } from '../support/observations';
import { heartbeat } from '../support/heartbeats';
import { formatMark } from '../../../sql-runner/model/mark';
import { table } from '../support/tables';

const contract = sourceContract();
const base = edit(cloned(contract), ({ source }) => {
  source.databases.shop!.heartbeats = [heartbeat('acas_demo_shop')];
});
const of = (observation: Observation) => fingerprint(contract, observation);

/** The same value with the keys of every object in reverse order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T;
}

test('the order of keys does not matter', () => {
  fc.assert(
    fc.property(anyObservation(contract), (observation) => expect(of(reversed(observation))).toBe(of(observation))),
    { numRuns: 200 },
  );
});

const MOVING: [string, (draft: Draft<Observation>) => void][] = [
  ['the source writes', ({ source }) => (source.server.flushLsn = '7/0')],
  ['the clone writes', ({ target }) => (target!.server.flushLsn = '7/0')],
  [
    'who was at a slot is looked at, and written down',
    ({ source }) => {
      const witness = { reader: '9 x', since: 'x', until: 'y', move: null };
      const comment = formatMark({ kind: 'heartbeat', environment: 'demo', witness });
      source.databases.shop!.heartbeats = [{ ...heartbeat('acas_demo_shop'), comment }];
      source.witnesses = { acas_demo_shop: { ...witness, came: 'x', unread: null } };
    },
  ],
  ['a slot of somebody else moves', ({ source }) => (source.slots[2]!.confirmedFlushLsn = '7/0')],
  ['our slot frees WAL', ({ source }) => Object.assign(source.slots[0]!, { restartLsn: '7/0', walStatus: 'extended' })],
  [
    'a slot comes nearer to its limit',
    ({ source, target }) => {
      source.slots[0]!.safeWalSize = 1;
      target!.slots[0]!.safeWalSize = 1;
    },
  ],
  ['rows are counted anew', ({ source }) => (source.databases.shop!.tables[0]!.estimatedRows = 7)],
  ['the password expires, as was known', ({ source }) => (source.role!.passwordExpired = true)],
  ['a copy goes on', ({ target }) => (target!.databases.shop!.taken = takenBy('acas_demo_shop'))],
  ['when the ticket was written', ({ ticket }) => (ticket!.issuedAt = 'later')],
  ['an origin moves', ({ target }) => (target!.databases.shop!.streams.acas_demo_shop!.originProgress = '7/0')],
];

const CHANGING: [string, (draft: Draft<Observation>) => void][] = [
  ['our unused slot was consumed', ({ source }) => (source.slots[0]!.confirmedFlushLsn = '7/0')],
  ['a table came', ({ source }) => source.databases.shop!.tables.push(table('new'))],
  ['a table lost its identity', ({ source }) => (source.databases.shop!.tables[0]!.identityFault = 'no primary key')],
  ['another ticket', ({ ticket }) => (ticket!.nonce = 'other')],
  ['no ticket', (draft) => (draft.ticket = null)],
  ['a slot was dropped', ({ source }) => source.slots.pop()],
  ['the password was changed', ({ source }) => (source.passwordWorks = false)],
  ['the role was given a limit', ({ source }) => (source.role!.connectionLimit = 9)],
  ['another seed LSN', ({ target }) => (target!.seedLsn = '7/0')],
  ['the clone is gone', (draft) => (draft.target = null)],
  ['a mark was edited', ({ source }) => (source.databases.ledger!.publications[0]!.comment = null)],
  ['another group was attached', ({ source }) => (source.cluster.parameterGroup = 'other')],
  ['a database called like a moving fact changed', ({ source }) => (source.databases.active!.exists = false)],
];

const start = edit(base, ({ source }) => {
  source.slots.push(slot('somebodys', 'shop'));
  source.databases.active = {
    exists: true,
    publications: [],
    tables: [],
    mayCreate: true,
    connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
  };
});

test.each(MOVING)('unchanged when %s', (_, change) => {
  expect(of(edit(start, (draft) => void change(draft)))).toBe(of(start));
});

test.each(CHANGING)('changed when %s', (_, change) => {
  expect(of(edit(start, (draft) => void change(draft)))).not.toBe(of(start));
});

test('a slot that is being read may move, an idle one may not', () => {
  const moved = edit(following(contract), ({ source }) => (source.slots[0]!.confirmedFlushLsn = '7/0'));
  expect(of(moved)).toBe(of(following(contract)));
});

test('another contract is another plan', () => {
  expect(fingerprint(sourceContract(['shop']), base)).not.toBe(of(base));
});
