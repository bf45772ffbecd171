import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/model/change';
import { quoteIdent } from '../../../sql-runner/postgres/text/quoting';
import { newClone } from '../../../sql-runner/model/streams';
import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { carryOut, printedSetting, settingIn } from './printed-fix';

/** Every check that a server can be made to fail: provoked, seen, its printed fix carried out, and passed. */
const contract = sourceContract(['shop', 'ledger']);
contract.parameterGroup.parameters.max_prepared_transactions = '5';
let world: SurveyedCluster;
let source: Client;
let target: Client;
let admin: Client;

/** Far too small for two streams, and not yet logical. */
const TOO_SMALL: Record<string, string> = {
  wal_level: 'replica',
  max_replication_slots: '1',
  max_wal_senders: '1',
  max_worker_processes: '2',
  max_logical_replication_workers: '2',
  max_prepared_transactions: '5',
  max_slot_wal_keep_size: '64',
  // The lab keeps a gigabyte for its clones, whatever slots are allowed.
  wal_keep_size: '0',
  'rds.force_ssl': '0',
  'aurora.enhanced_logical_replication': '0',
  // Until then origins take from max_replication_slots.
  ...(from(18) ? { max_active_replication_origins: '1' } : {}),
};

beforeAll(async () => {
  world = await startSurveyedCluster(contract, TOO_SMALL);
  ({ source, target, admin } = world);
});
afterAll(() => world?.stop());

/** Up to 15 the lab's master user has to be one (lab/postgres/roles.ts), and then nothing is forbidden to it. */
const SUPERUSER = !from(16);
const codesOf = (findings: readonly Finding[]) => findings.map(({ code }) => code);
const find = async (code: string): Promise<Finding[]> => (await world.findings()).filter((one) => one.code === code);
const passes = (code: string) => eventually(async () => (await find(code)).length === 0);

const SIZES = [
  'SOURCE_SENDERS_TOO_FEW',
  'SOURCE_SLOTS_WITHOUT_RESERVE',
  'TLS_NOT_FORCED',
  'SLOT_WAL_LIMITED',
  'TARGET_PROCESSES_SHARED',
  'TARGET_WORKERS_WITHOUT_RESERVE',
  'TARGET_ORIGINS_TOO_FEW',
];

test('settings: the printed values, and a restart, make every size fit', async () => {
  const before = await world.findings();
  const sizes = before.filter(({ next }) => settingIn(next) !== null);
  expect(codesOf(sizes)).toEqual(SIZES);
  expect(codesOf(before)).toEqual(
    expect.arrayContaining(['WAL_LEVEL_NOT_LOGICAL', 'TARGET_PROCESSES_TOO_FEW', 'DATABASE_IDLE']),
  );
  const fixed: Record<string, string> = { ...TOO_SMALL, wal_level: 'logical' };
  for (const code of SIZES) {
    const { name, value } = printedSetting(
      sizes.find((one) => one.code === code)!,
      code,
    );
    if (Number(value) === -1 || Number(value) > Number(fixed[name] ?? 0)) fixed[name] = value;
  }
  // Each finding counts with the sizes of its day: more workers ask for more processes.
  fixed['max_worker_processes'] = '32';
  await world.restartWith(fixed);
  ({ source, target, admin } = world);
  expect((await world.findings()).filter(({ severity }) => severity !== 'info')).toEqual([]);
});

type Provoked = readonly [code: string, where: 'source' | 'target', setup: string, before?: string];
/** The version that brought what they are about. */
const SINCE: Readonly<Record<string, number>> = { ROW_SECURITY_STOPS_APPLY: 16 };

/** Fixed by the SQL that is printed, as the master user, right in the database that is named. */
const BY_SQL: readonly Provoked[] = [
  [
    'FULL_IDENTITY_UNMATCHABLE',
    'source',
    `CREATE TYPE pair AS (a int, b json);
     CREATE TABLE "Odd ""x""" (id int NOT NULL, p pair[], a int[], r int4range, v varchar, c cidr);
     ALTER TABLE "Odd ""x""" REPLICA IDENTITY FULL`,
    `ALTER TABLE "Odd ""x""" ADD PRIMARY KEY (id)`,
  ],
  [
    'FULL_IDENTITY_INEXACT',
    'source',
    `CREATE DOMAIN money2 AS numeric(10, 2); CREATE COLLATION fold (provider = icu, locale = 'und', deterministic = false);
     CREATE TABLE prices (id int NOT NULL, fixed numeric(9, 3), cents money2, name text, code char(3), span int4range);
     CREATE TABLE exact AS SELECT * FROM prices; ALTER TABLE exact REPLICA IDENTITY FULL;
     ALTER TABLE prices ADD price numeric[]; ALTER TABLE prices REPLICA IDENTITY FULL`,
    'ALTER TABLE prices ADD PRIMARY KEY (id)',
  ],
  [
    'FULL_IDENTITY_SLOW',
    'source',
    `CREATE TABLE log AS SELECT g AS id FROM generate_series(1, 10000) g;
     ALTER TABLE log REPLICA IDENTITY FULL; ANALYZE log`,
    'ALTER TABLE log ADD PRIMARY KEY (id)',
  ],
  ['UNLOGGED_TABLES', 'source', 'CREATE UNLOGGED TABLE cache (id int PRIMARY KEY)'],
  ['ROLE_CONNECTIONS_TOO_FEW', 'source', 'ALTER ROLE acas_demo CONNECTION LIMIT 1'],
  ['ROLE_CANNOT_CONNECT', 'source', 'REVOKE CONNECT ON DATABASE shop FROM PUBLIC'],
  ['ROLE_NEEDS_IAM', 'source', 'CREATE ROLE rds_iam; GRANT rds_iam TO acas_demo'],
  ['ROLE_PASSWORD_EXPIRES', 'source', `ALTER ROLE acas_demo VALID UNTIL '2020-01-01'`],
  ['ROLE_TOO_POWERFUL', 'source', 'GRANT rds_superuser TO acas_demo'],
  ['FOREIGN_SLOT_UNUSED', 'source', `SELECT pg_create_logical_replication_slot('others', 'pgoutput')`],
  [
    'TRIGGERS_FIRE_ON_APPLY',
    'target',
    `CREATE TABLE orders (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE TABLE orders_1 PARTITION OF orders DEFAULT;
     CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
     CREATE TRIGGER "Note it" AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION noted();
     ALTER TABLE orders_1 ENABLE ALWAYS TRIGGER "Note it"`,
  ],
  [
    'ROW_SECURITY_STOPS_APPLY',
    'target',
    'ALTER TABLE orders_1 ENABLE ROW LEVEL SECURITY; ALTER TABLE orders_1 FORCE ROW LEVEL SECURITY',
  ],
];

test.each(BY_SQL.filter(([code]) => from(SINCE[code] ?? 13)).map((row) => ({ code: row[0], row })))(
  '$code: seen on the server, and gone after its fix',
  async ({ row }) => {
    const [code, where, setup, before] = row;
    const client = where === 'source' ? source : target;
    await client.query(setup);
    const [finding, ...others] = await find(code);
    expect(others).toEqual([]);
    if (before !== undefined) await client.query(before);
    await carryOut(finding!, client, code);
    await passes(code);
  },
);

test('TABLE_NOT_APPLIABLE: a grant of the owner, who may stay it', async () => {
  const owner = 'Owner on target';
  await target.query(`CREATE ROLE ${quoteIdent(owner)}; CREATE TABLE theirs (id int PRIMARY KEY)`);
  await world.targetAdmin.query(`ALTER TABLE public.theirs OWNER TO ${quoteIdent(owner)}`);
  if (!SUPERUSER) await target.query(`GRANT ${quoteIdent(owner)} TO CURRENT_USER WITH SET FALSE`);
  const [finding] = await find('TABLE_NOT_APPLIABLE');
  if (!SUPERUSER) {
    expect(finding?.seen).toContain('public.theirs');
    await carryOut(finding!, target, 'TABLE_NOT_APPLIABLE');
  }
  await passes('TABLE_NOT_APPLIABLE');
});

test('LONG_TRANSACTION and PREPARED_TRANSACTION: ended as printed, once they are old', async () => {
  // Old is half a minute; instead of waiting the check is told a later time.
  world.agedBySeconds = 60;
  const writer = await world.test.connect('ledger');
  const gone = new Promise((resolve) => writer.once('error', resolve));
  await writer.query('CREATE TABLE busy (id int)');
  await writer.query('BEGIN; INSERT INTO busy VALUES (1)');
  await source.query('CREATE TABLE held (id int PRIMARY KEY)');
  await source.query(`BEGIN; INSERT INTO held VALUES (1); PREPARE TRANSACTION 'it''s'`);
  const long = (await find('LONG_TRANSACTION')).find(({ seen }) => seen.includes('database ledger'));
  await carryOut(long!, admin, 'LONG_TRANSACTION');
  await gone;
  await passes('LONG_TRANSACTION');
  await carryOut((await find('PREPARED_TRANSACTION'))[0]!, source, 'PREPARED_TRANSACTION');
  await passes('PREPARED_TRANSACTION');
});

test('SLOT_AT_RISK, SLOT_WAL_LIMITED, ENHANCED_REPLICATION_CHANGES and INHERITED_SLOT_LEFT on a slot of ours', async () => {
  await source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
  // What a clone that follows is judged by.
  await target.query(
    `CREATE SUBSCRIPTION acas_demo_shop CONNECTION 'host=localhost password=hidden' PUBLICATION acas_demo_shop
       WITH (connect = false, slot_name = NONE)`,
  );
  world.groupParameters = { 'aurora.enhanced_logical_replication': '1' };
  const [{ megabytes }] = (
    await admin.query<{ megabytes: number }>(
      `SELECT setting::int / 1024 / 1024 AS megabytes FROM pg_settings WHERE name = 'wal_segment_size'`,
    )
  ).rows as [{ megabytes: number }];
  await world.reloadWith({ max_slot_wal_keep_size: String(3 * megabytes) });
  // Past the limit; only a checkpoint would remove what the slot needs.
  for (let segment = 0; segment < 5; segment += 1) {
    await admin.query(`SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()`);
  }
  expect(codesOf(await world.findings())).toEqual(
    expect.arrayContaining([
      'ENHANCED_REPLICATION_CHANGES',
      'SLOT_WAL_LIMITED',
      'SLOT_AT_RISK',
      // Both sides are this one cluster, so its slot looks like a copy of itself.
      'INHERITED_SLOT_LEFT',
    ]),
  );
  const { name, value } = printedSetting((await find('SLOT_AT_RISK'))[0]!, 'SLOT_AT_RISK');
  await world.reloadWith({ [name]: value });
  await passes('SLOT_AT_RISK');
  await passes('SLOT_WAL_LIMITED');
  await world.reloadWith({ max_slot_wal_keep_size: String(megabytes) });
  for (let segment = 0; segment < 3; segment += 1) {
    await admin.query(`SELECT pg_logical_emit_message(true, 'test', 'x'), pg_switch_wal()`);
  }
  await admin.query('CHECKPOINT');
  await world.reloadWith({ [name]: value });
  expect(await find('SLOT_AT_RISK')).toMatchObject([
    { severity: 'block', seen: expect.stringContaining('acas_demo_shop is lost'), next: newClone(contract) },
  ]);
  await source.query(`SELECT pg_drop_replication_slot('acas_demo_shop')`);
  await source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
  const back = printedSetting((await find('ENHANCED_REPLICATION_CHANGES'))[0]!, 'ENHANCED_REPLICATION_CHANGES');
  world.groupParameters = { [back.name]: back.value };
  await passes('ENHANCED_REPLICATION_CHANGES');
  await carryOut((await find('INHERITED_SLOT_LEFT'))[0]!, target, 'INHERITED_SLOT_LEFT');
  await passes('INHERITED_SLOT_LEFT');
});

test('notes: what is left out is counted, and a database that is written to is not idle', async () => {
  await source.query(
    'CREATE SEQUENCE numbers; CREATE MATERIALIZED VIEW summary AS SELECT 1 AS one; SELECT lo_create(0)',
  );
  await source.query('INSERT INTO held VALUES (2)');
  await passes('DATABASE_IDLE');
  const notes = async () => (await world.findings()).filter(({ severity }) => severity === 'info');
  expect((await notes()).map(({ code, seen }) => `${code}: ${seen}`)).toEqual([
    'SEQUENCES_NOT_REPLICATED: database shop has 1 sequences',
    'LARGE_OBJECTS_NOT_REPLICATED: database shop has 1 large objects',
    'MATERIALIZED_VIEWS_NOT_REPLICATED: database shop has 1 materialised views',
  ]);
  await source.query('DROP SEQUENCE numbers; DROP MATERIALIZED VIEW summary');
  await source.query('SELECT lo_unlink(oid) FROM pg_largeobject_metadata');
  expect(await notes()).toEqual([]);
  await target.query('DROP SUBSCRIPTION acas_demo_shop');
  expect((await world.findings()).filter(({ severity }) => severity === 'block')).toEqual([]);
});
