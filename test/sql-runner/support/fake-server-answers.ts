import { NOTHING_KEPT } from './surveys';
import type { At, World } from './fake-world';
import { readerAtWork, workerAtWork } from './surveyed-streams';

type Answer = (world: World, at: At, values: readonly unknown[]) => object[];

const FIRST_MESSAGE = Date.parse('2026-01-02T03:04:05Z');
/** Which count that of altered subscriptions is, where a test does not say. */
const COUNTING = { since: '2026-01-01T00:00:00.000000Z', at: '2026-01-02T03:04:05.000Z' };
let messages = 0;

const sideOf = ({ observation }: World, { side }: At) => (side === 'source' ? observation.source : observation.target!);

/** What is asked of a server, whichever of its databases the session is in. */
export const serverAnswers: readonly (readonly [part: string, answer: Answer])[] = [
  ['JOIN pg_roles r ON r.oid = s.setrole', ({ observation }) => [...(observation.source.role?.settings ?? [])]],
  ['AS version, pg_backend_pid()', (world, at) => [{ version: sideOf(world, at).server.versionNum, pid: 4242 }]],
  [
    'AS "versionNum"',
    (world, at) => {
      return [sideOf(world, at).server];
    },
  ],
  [
    'AS "mayReset"',
    ({ survey }, { side, database }) => [
      { ...(survey[side].databases[database]?.keptStatements ?? NOTHING_KEPT), schema: null, readable: false },
    ],
  ],
  [
    "tuples_updated('pg_subscription'::regclass)",
    ({ observation }) => {
      const { subscriptionUpdates: updates, counting } = observation.target!;
      return updates == null ? [] : [{ updates, ...(counting ?? COUNTING) }];
    },
  ],
  [
    "CASE vartype WHEN 'bool'",
    ({ observation }) => Object.entries(observation.source.settings ?? {}).map(([name, value]) => ({ name, value })),
  ],
  ['SELECT pg_stat_force_next_flush()', () => []],
  ['AS sessions FROM pg_stat_activity', () => [{ sessions: 0 }]],
  ['SELECT pg_current_wal_flush_lsn()::text AS lsn', (world, at) => [{ lsn: sideOf(world, at).server.flushLsn }]],
  [
    'WHERE (datallowconn OR',
    (world, at) => {
      const present = Object.entries(sideOf(world, at).databases).filter(([, { exists }]) => exists);
      return ['rdsadmin', ...present.map(([name]) => name)].map((name) => ({ name }));
    },
  ],
  [
    'FROM pg_roles WHERE rolname = $1',
    ({ observation }, _, [name]) => (name === 'rds_replication' && observation.source.hasRdsReplication ? [{}] : []),
  ],
  ['r.rolname = ANY', (world, { side }, [names]) => roles(world, side, names as string[])],
  [
    'to_jsonb(s) AS slot',
    (world, at) =>
      sideOf(world, at).slots.map((slot) => ({
        slot: {
          slot_name: slot.name,
          plugin: slot.plugin,
          slot_type: slot.slotType,
          database: slot.database,
          temporary: slot.temporary,
          active: slot.active,
          active_pid: slot.activePid,
          restart_lsn: slot.restartLsn,
          confirmed_flush_lsn: slot.confirmedFlushLsn,
          wal_status: slot.walStatus,
          safe_wal_size: null,
          invalidation_reason: slot.invalidationReason,
          two_phase: slot.twoPhase,
        },
      })),
  ],
  [
    'confirmed_flush_lsn::text AS lsn',
    ({ observation }, _, [name]) =>
      observation.source.slots.filter((slot) => slot.name === name).map((slot) => ({ lsn: slot.confirmedFlushLsn })),
  ],
  [
    "o.roname || ' ' || o.xmin AS made",
    ({ observation }, _, [name]) =>
      Object.values(observation.target!.databases)
        .flatMap(({ streams }) => Object.values(streams))
        .filter(({ subscription }) => name === `pg_${subscription?.oid}`)
        .map(({ originProgress: progress, made }) => ({ progress, made })),
  ],
  ["lsn()') IS NOT NULL AS found", ({ observation }) => [{ found: observation.target!.seedFunctionExists }]],
  [
    'SELECT aurora_volume_logical_start_lsn()::text',
    ({ observation }) => [{ lsn: observation.target!.seedLsn ?? '0/0' }],
  ],
  ['s.setrole = 0', ({ observation }) => observation.target!.readOnlyDatabases.map((name) => ({ name }))],
  ['FROM pg_stat_activity WHERE pid = pg_backend_pid()', () => [{ pid: 4242, since: '1.5' }]],
  [
    'SELECT FROM pg_stat_activity',
    ({ observation }, { side }, [pid, since]) =>
      side === 'target' && observation.target!.isSourceServer && pid === 4242 && since === '1.5' ? [{}] : [],
  ],
  ['count(DISTINCT (s.classid', () => []],
  ['WITH RECURSIVE ours', () => []],
  ['ORDER BY database, gid', (world, at) => sideOf(world, at).inheritable.preparedTransactions],
  ['roident::int8', (world, at) => sideOf(world, at).inheritable.origins],
  ['age(datfrozenxid)', ({ survey }, { side }) => survey[side].freezeAges],
  ["current_setting('aurora.enhanced", ({ survey }) => [survey.source.aurora]],
  ['AS "grantReplication"', ({ survey }, { side }) => [survey[side].privileges]],
  [
    'AS "connectionLimit"',
    ({ observation: { source }, contract }, _, [name]) =>
      source.role !== null && name === contract.replication.role ? [source.role] : [],
  ],
  ['FROM pg_stat_replication r\n      WHERE NOT', ({ survey }) => [{ count: survey.source.slotlessSenders }]],
  ['ORDER BY prepared, gid', ({ survey }) => survey.source.prepared],
  ['backend_xid IS NOT NULL', ({ survey }) => survey.source.openWrites],
  ['pg_try_advisory_lock', () => [{ taken: true }]],
  ["l.locktype = 'advisory'", () => []],
  ['AS "receiverMs"', ({ survey }) => [survey.streams.timeouts]],
  [
    'AS "waitsForRelation"',
    ({ observation }) =>
      observation.target!.subscriptions.map(({ database, name, enabled }) => ({
        ...workerAtWork(name, database),
        enabled,
        // A message came in since the last look. A time, because how old the worker is is told by it.
        lastMessage: new Date(FIRST_MESSAGE + (messages += 1)).toISOString(),
      })),
  ],
  [
    'AS "replySeconds"',
    ({ observation }) =>
      observation.source.slots.map((slot) => ({
        ...readerAtWork(slot.name),
        active: slot.active,
        confirmedLsn: slot.confirmedFlushLsn,
      })),
  ],
];

function roles({ observation, contract }: World, side: At['side'], names: readonly string[]): object[] {
  const copy = observation.target?.role;
  const role =
    side === 'source' || copy === undefined
      ? observation.source.role
      : copy && { ...observation.source.role!, ...copy };
  return role !== null && names.includes(contract.replication.role) ? [role] : [];
}
