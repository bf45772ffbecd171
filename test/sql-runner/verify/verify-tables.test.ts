import { verifyTables } from '../../../sql-runner/verify/verify-tables';
import type { TableVerdict, VerifyEvent, VerifyInput } from '../../../sql-runner/verify/types';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { SLOT, startReplicatedPair, SUBSCRIPTION, type ReplicatedPair } from './replicated-pair';
import { DDL, ORDERS, ROWS, startWriters, TABLES } from './world';

let pair: ReplicatedPair;
let writers: ReturnType<typeof startWriters>;

beforeAll(async () => {
  pair = await startReplicatedPair(DDL);
  await pair.source.query(ROWS);
  await pair.source.query('ANALYZE');
  writers = startWriters(await pair.test.connect('shop'), await pair.test.connect('shop'));
});

afterAll(async () => {
  await writers?.stop();
  await pair?.test.stop();
});

const verify = (more: Partial<VerifyInput> = {}): Promise<TableVerdict[]> =>
  verifyTables({ ...pair.sessions, tables: TABLES, ...more });

const named = (verdicts: TableVerdict[], name: string): TableVerdict =>
  verdicts.find((verdict) => verdict.name === name)!;

/** Key and kind of each difference, in a fixed order. */
const found = (verdict: TableVerdict): string[] =>
  verdict.differences.map(({ key, kind }) => `${kind}: ${Object.values(key).join('|')}`).sort();

it('finds every table equal while writers run', async () => {
  const events: VerifyEvent[] = [];
  const verdicts = await verify({ onEvent: (event) => events.push(event) });
  expect(verdicts.map(({ name, status, reason, differences }) => ({ name, status, reason, differences }))).toEqual(
    TABLES.map(({ name }) => ({ name, status: 'equal', reason: undefined, differences: [] })),
  );
  expect(named(verdicts, 'orders').rows).toBeGreaterThanOrEqual(ORDERS);
  expect(verdicts.slice(1, 4).map(({ rows }) => rows)).toEqual([300, 2, 1000]);
  expect(verdicts.slice(6).map(({ rows }) => rows)).toEqual([1, 0, 2]);
  expect(events.filter(({ kind }) => kind === 'table-finished')).toHaveLength(TABLES.length);
});

it('reads rows on their way again until they have arrived', async () => {
  // A lock on the target holds the apply worker, until the rows behind it have been found to differ.
  await pair.target.query('BEGIN; SELECT FROM parts WHERE id = 500 FOR UPDATE');
  await pair.source.query(`UPDATE parts SET v = 'on its way' WHERE id = 500; DELETE FROM parts WHERE id = 501`);
  let release: Promise<unknown> | undefined;
  const verdicts = await verify({
    tables: TABLES.filter(({ name }) => ['parts', 'hot'].includes(name)),
    settleTimeoutMs: 5_000,
    onEvent: ({ kind }) => {
      if (kind === 'settling') release ??= pair.target.query('COMMIT');
    },
  });
  await release;
  expect(verdicts.map(({ name, status }) => [name, status])).toEqual([
    ['parts', 'equal'],
    ['hot', 'equal'],
  ]);
  expect(named(verdicts, 'parts').rechecked).toBeGreaterThanOrEqual(2);
  expect(named(verdicts, 'hot').rechecked).toBe(1);
});

it('finds each fault by its key and nothing else while writers run', async () => {
  await pair.target.query(`
    UPDATE orders SET note = 'changed' WHERE id = 10;
    DELETE FROM orders WHERE id = 20;
    INSERT INTO orders (id, note) VALUES (-5, 'extra'), (9000000000000000000, 'extra');
    UPDATE orders SET note = '' WHERE id = 7;
    UPDATE orders SET price = 1.00 WHERE id = 40;
    UPDATE orders SET data = jsonb_set(data, '{a,b}', '"50"') WHERE id = 50;
    UPDATE orders SET tags = tags || NULL::text WHERE id = 60;
    UPDATE "Größe 9"."Ünï ""Tabelle""" SET v = 'wild' WHERE "key b" = 'k''17';
    UPDATE every_type SET c = c + 4294967296 WHERE id = 1;
    UPDATE parts SET v = 'other' WHERE region = 2 AND id = 101;
    DELETE FROM no_key WHERE ctid = (SELECT min(ctid) FROM no_key WHERE a = 3);
    INSERT INTO no_key VALUES (4, 'twice');
    UPDATE by_index SET v = NULL WHERE code = 'code 33';
    INSERT INTO empty VALUES (1);
    INSERT INTO no_columns DEFAULT VALUES;`);
  const verdicts = await verify();
  expect(Object.fromEntries(verdicts.map((verdict) => [verdict.name, found(verdict)]))).toEqual({
    orders: [
      'different: 10',
      'different: 40',
      'different: 50',
      'different: 60',
      'different: 7',
      'extra on target: -5',
      'extra on target: 9000000000000000000',
      'missing on target: 20',
    ],
    'Ünï "Tabelle"': ["different: 00000000-0000-0000-0000-000000000017|k'17"],
    every_type: ['different: 1'],
    parts: ['different: 2|101'],
    no_key: ['extra on target: (4,twice)', 'missing on target: (3,twice)'],
    by_index: ['different: code 33'],
    hot: [],
    empty: ['extra on target: 1'],
    no_columns: ['extra on target: ()'],
  });
  expect(verdicts.filter(({ status }) => status === 'equal').map(({ name }) => name)).toEqual(['hot']);
  expect(named(verdicts, 'orders').differences[0]!.sourceLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
});

it('stops at the wanted number of differences and says that there are more', async () => {
  const [orders] = await verify({ tables: TABLES.slice(0, 1), maxDifferences: 2 });
  expect(orders).toMatchObject({ status: 'different', moreDifferences: true });
  expect(orders!.differences).toHaveLength(2);
});

it('gives a verdict for tables that are missing, drifted or unreadable', async () => {
  await pair.source.query(
    'CREATE TABLE here_only (id int PRIMARY KEY); CREATE TABLE drifted (id int PRIMARY KEY, v int)',
  );
  await pair.target.query('CREATE TABLE drifted (id bigint PRIMARY KEY, w int)');
  await pair.target.query('CREATE TABLE locked (id int PRIMARY KEY)');
  await pair.source.query('CREATE TABLE locked (id int PRIMARY KEY); CREATE VIEW seen AS SELECT 1 AS id');
  await pair.target.query('CREATE VIEW seen AS SELECT 1 AS id');
  const tables = ['here_only', 'drifted', 'locked', 'seen'].map((name) => ({ schema: 'public', name }));
  const verdicts = await verify({ tables });
  // Before 16 the lab's master user is a superuser, who may read everything.
  const locked = from(16) ? 'unsupported' : 'equal';
  expect(verdicts.map(({ status }) => status)).toEqual(['different', 'different', locked, 'unsupported']);
  expect(verdicts[0]!.reason).toContain('"public"."here_only" does not exist on the target');
  expect(verdicts[1]!.reason).toContain('column "id" is integer on the source and bigint on the target');
  expect(verdicts[1]!.reason).toContain('column "v" is missing on the target');
  if (from(16)) expect(verdicts[2]!.reason).toContain('permission denied for table locked (SQLSTATE 42501)');
});

it('never calls a row different, nor equal, that the target cannot have received yet', async () => {
  await pair.target.query(`ALTER SUBSCRIPTION ${SUBSCRIPTION} DISABLE`);
  await eventually(async () => {
    const { rows } = await pair.source.query('SELECT FROM pg_replication_slots WHERE slot_name = $1 AND NOT active', [
      SLOT,
    ]);
    return rows.length > 0;
  });
  await pair.source.query(`UPDATE parts SET v = 'on its way' WHERE id = 500`);
  const [parts] = await verify({ tables: [{ schema: 'public', name: 'parts' }], settleTimeoutMs: 500 });
  expect(parts).toMatchObject({ status: 'unsettled', differences: [] });
  expect(parts!.reason).toContain('the target did not catch up');
  await pair.target.query(`ALTER SUBSCRIPTION ${SUBSCRIPTION} ENABLE`);
  const [later] = await verify({ tables: [{ schema: 'public', name: 'parts' }] });
  expect(found(later!)).toEqual(['different: 2|101']);
});

it('refuses to judge without the slot', async () => {
  await expect(verify({ slotName: 'none' })).rejects.toMatchObject({ code: 'VERIFY_SLOT_MISSING' });
});

it('ran with writers all along', async () => {
  expect(await writers.stop()).toBeGreaterThan(500);
});
