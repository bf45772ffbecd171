import { factsOf } from '../../../sql-runner/model/stream-state';
import type { Client } from 'pg';
import { checkForeignRefusals, checkRefusedWrites } from '../../../sql-runner/checks/refused-writes';
import { stamped } from '../../../sql-runner/checks/check';
import { notSelectedChecks } from '../../../sql-runner/checks/not-selected';
import { checkSelectedTables } from '../../../sql-runner/plan/gates/selected-tables';
import { joinProposals, type Finding } from '../../../sql-runner/model/change';
import type { SourceObservation } from '../../../sql-runner/model/observation';
import { observeSourceDatabase } from '../../../sql-runner/observe/observe-database';
import { surveySourceDatabase } from '../../../sql-runner/observe/survey';
import { heartbeats } from '../../../sql-runner/postgres/catalog/heartbeats';
import type { Session } from '../../../sql-runner/postgres/session';
import { planHeartbeat } from '../../../sql-runner/resources/heartbeat';
import { planPublication } from '../../../sql-runner/resources/publication';
import { publishedBy } from '../../../sql-runner/resources/published';
import { TableTree } from '../../../sql-runner/model/table-tree';
import type { Selection } from '../../../contract/contract';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract, stream } from '../support/contract';
import { edit, untouched } from '../support/observations';
import { sqlOf } from '../support/plans';
import { healthySource } from '../support/surveys';
import { carryOut } from './printed-fix';
import { refusedUpdates, toldToBeRefused } from './refusals';
import { streamOf, type StreamOf } from '../../../sql-runner/model/streams';
import { asking } from '../support/asking';

/** What is published, and what production refuses because of it: always as the server itself has it. */
const contract = sourceContract(['shop']);
const ALL: Selection = { kind: 'all' };
const MEASUREMENTS: Selection = { kind: 'tables', tables: [{ schema: 'public', name: 'measurements' }] };
/** Up to 15 the lab's master user has to be one (lab/postgres/roles.ts), and then nothing is forbidden to it. */
const SUPERUSER = !from(16);
let test_: TestCluster;
let master: Client;
let admin: Client;
let session: Session;
const SETUP = `
  CREATE TABLE plain (id int PRIMARY KEY, v int);
  CREATE TABLE whole (v int); ALTER TABLE whole REPLICA IDENTITY FULL;
  CREATE TABLE chosen (code int NOT NULL UNIQUE, v int); ALTER TABLE chosen REPLICA IDENTITY USING INDEX chosen_code_key;
  CREATE TABLE measurements (id int PRIMARY KEY, v int);
  CREATE TABLE measurements_2025 () INHERITS (measurements);
  CREATE SCHEMA attic;
  CREATE TABLE attic.measurements_2024 () INHERITS (measurements_2025);
  CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE, v int);
  CREATE TABLE nothing (id int PRIMARY KEY, v int); ALTER TABLE nothing REPLICA IDENTITY NOTHING;
  CREATE TABLE visits (id int PRIMARY KEY, v int) PARTITION BY RANGE (id);
  CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (10);
  CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
  CREATE TABLE attic.visits_21 PARTITION OF visits_2 FOR VALUES FROM (10) TO (15);
  CREATE UNLOGGED TABLE visits_3 PARTITION OF visits FOR VALUES FROM (20) TO (30);
  CREATE TABLE trail (id int, v int) PARTITION BY RANGE (id);
  CREATE TABLE trail_1 PARTITION OF trail (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (10);
  CREATE TABLE trail_2 PARTITION OF trail FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
  CREATE TABLE trail_21 PARTITION OF trail_2 (PRIMARY KEY (id)) FOR VALUES FROM (10) TO (15);
  CREATE TABLE ref_sys (id int, v int); CREATE TABLE ext_own (id int, v int);
  CREATE ROLE reports; CREATE TABLE secret (id int PRIMARY KEY, v int)`;
/** Of extensions, of a foreign server, and of others: for superusers. */
const SETUP_AS_ADMIN = `
  CREATE EXTENSION postgres_fdw; CREATE SERVER shelf FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
  CREATE FOREIGN TABLE trail_old PARTITION OF trail FOR VALUES FROM (-10) TO (0) SERVER shelf;
  CREATE EXTENSION citext; ALTER EXTENSION citext ADD TABLE ref_sys; ALTER EXTENSION citext ADD TABLE ext_own;
  UPDATE pg_extension SET extconfig = ARRAY['ref_sys'::regclass::oid], extcondition = '{""}' WHERE extname = 'citext';
  ALTER TABLE ref_sys OWNER TO rdsadmin; ALTER TABLE secret OWNER TO reports`;
beforeAll(async () => {
  test_ = await startTestCluster({ parameters: { wal_level: 'logical' } });
  master = await test_.connect('shop');
  admin = await test_.cluster.adminClient('shop');
  test_.onStop(() => admin.end());
  await master.query(SETUP);
  await admin.query(SETUP_AS_ADMIN);
  session = await openSession(targetOf(test_, 'shop'));
  test_.onStop(() => session.close());
});
afterAll(() => test_?.stop());
async function observed(): Promise<SourceObservation> {
  const facts = await observeSourceDatabase(asking(session), 'acas_demo');
  const beats = await heartbeats(session, ['acas_demo_shop']);
  return edit(untouched(contract).source, (source) => {
    source.login = test_.master.user;
    source.databases = { shop: { ...facts, heartbeats: beats } as never };
  });
}
const selecting = (selection: Selection): StreamOf => streamOf('shop', stream('shop', selection));
const selected = async (selection: Selection) => checkSelectedTables(contract, await observed(), selecting(selection));
const codesOf = (findings: readonly Finding[]) => findings.map(({ code }) => code);
/** Carries out what would be planned for the publication, before a ticket. */
async function publish(selection: Selection): Promise<void> {
  const [source, of] = [await observed(), selecting(selection)];
  const heartbeat = planHeartbeat(contract, source, of, true);
  const publication = planPublication(contract, source, factsOf(contract, { source, target: null, ticket: null }, of), {
    issued: false,
    inherited: null,
  });
  const { changes, findings } = joinProposals([heartbeat, publication]);
  expect(findings).toEqual([]);
  for (const sql of changes.flatMap(sqlOf)) await master.query(sql);
}
const published = async (): Promise<string[]> => {
  const { rows } = await master.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = 'acas_demo_shop' AND schemaname <> 'acas_demo_shop' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};
const refusedByServer = () => refusedUpdates(admin, ['public', 'attic']);
const refusedAsTold = async () => toldToBeRefused(contract, await observed());
/** What is told is what the server does; then the printed statements end it. */
async function told(...expected: string[]): Promise<void> {
  expect(await refusedByServer()).toEqual(expected);
  expect(await refusedAsTold()).toEqual(expected);
  const [finding] = checkRefusedWrites(contract, await observed());
  await carryOut(finding!, master, 'SOURCE_REFUSES_WRITES');
  expect(await refusedByServer()).toEqual([]);
  expect(checkRefusedWrites(contract, await observed())).toEqual([]);
}
test('TABLE_NOT_OWNED and PUBLICATION_NOT_ALLOWED: a grant, by who can give it; tables of extensions ask for none', async () => {
  await admin.query('ALTER DATABASE shop OWNER TO rdsadmin');
  // A member already, without the rights: to grant it again in few words would change nothing.
  if (!SUPERUSER) await master.query('GRANT reports TO CURRENT_USER WITH INHERIT FALSE');
  const findings = await selected(ALL);
  const missing = findings.filter(({ code }) => !/^REPLICA_IDENTITY|^NEW_PARTITIONS/.test(code));
  expect(codesOf(missing)).toEqual(SUPERUSER ? [] : ['PUBLICATION_NOT_ALLOWED', 'TABLE_NOT_OWNED']);
  for (const finding of missing) {
    expect(finding.stops).toEqual(['publish', 'slot', 'ticket']);
    if (finding.code === 'TABLE_NOT_OWNED') await carryOut(finding, master, 'TABLE_NOT_OWNED');
    else await carryOut(finding, admin, 'PUBLICATION_NOT_ALLOWED');
  }
  await admin.query('CREATE TABLE cron_job (id int PRIMARY KEY)');
  const [hopeless] = (await selected(ALL)).filter(({ code }) => code === 'TABLE_NOT_OWNED');
  expect(hopeless?.next).toEqual(SUPERUSER ? undefined : expect.stringMatching(/^nobody can grant rdsadmin/));
  await admin.query(`DROP TABLE cron_job; ALTER DATABASE shop OWNER TO "${test_.master.user}"`);
});
test('REPLICA_IDENTITY_MISSING: also of children and partitions, and every printed statement gives one', async () => {
  const findings = (await selected(ALL)).filter(({ code }) => code === 'REPLICA_IDENTITY_MISSING');
  expect(findings.map(({ seen }) => seen)).toEqual([
    'table attic.measurements_2024 in database shop has no primary key',
    'table public.deferred in database shop has a deferrable primary key',
    'table public.measurements_2025 in database shop has no primary key',
    'table public.nothing in database shop has REPLICA IDENTITY NOTHING',
  ]);
  // Who names a table means the rows of its children, wherever they are.
  expect((await selected(MEASUREMENTS)).map(({ seen }) => /table (\S+)/.exec(seen)![1])).toEqual([
    'attic.measurements_2024',
    'public.measurements_2025',
  ]);
  for (const finding of findings) await carryOut(finding, master, 'REPLICA_IDENTITY_MISSING');
  // Of trail, parts are published that are partitioned again.
  expect(codesOf(await selected(ALL))).toEqual(['NEW_PARTITIONS_REFUSE_WRITES']);
});
test('what would be published is published, and production refuses nothing', async () => {
  await publish(MEASUREMENTS);
  const measurements = ['attic.measurements_2024', 'public.measurements', 'public.measurements_2025'];
  expect(await published()).toEqual(measurements);
  await publish(ALL);
  expect(await published()).toEqual(
    [
      ...[
        ...measurements,
        'attic.visits_21',
        'public.chosen',
        'public.deferred',
        'public.nothing',
        'public.plain',
        'public.secret',
      ],
      // Of trail only the parts: with the foreign one listed no subscription could be made.
      ...['public.trail_1', 'public.trail_21', 'public.visits_1', 'public.visits_3', 'public.whole'],
    ].sort(),
  );
  const { databases } = await observed();
  const { publications, tables } = databases['shop']!;
  const ours = publications.find(({ name }) => name === 'acas_demo_shop')!;
  const names = publishedBy(ours, new TableTree(tables)).map(({ table }) => `${table.schema}.${table.name}`);
  expect(names.sort()).toEqual(await published());
  await publish(ALL);
  expect(await refusedByServer()).toEqual([]);
});

test('SOURCE_REFUSES_WRITES: whatever takes an identity away afterwards, and nothing else', async () => {
  await master.query('ALTER TABLE plain DROP CONSTRAINT plain_pkey');
  await told('public.plain');
  await master.query('CREATE TABLE visits_4 PARTITION OF visits FOR VALUES FROM (30) TO (40)');
  await master.query('ALTER TABLE visits_4 REPLICA IDENTITY NOTHING');
  await master.query('ALTER TABLE chosen DROP CONSTRAINT chosen_code_key');
  await told('public.chosen', 'public.visits_4');
  await master.query(`CREATE TABLE trail_22 PARTITION OF trail_2 FOR VALUES FROM (15) TO (20)`);
  await told('public.trail_22');
  // A child that joins is not published, and one that leaves still is.
  await master.query(`CREATE TABLE measurements_2026 () INHERITS (measurements);
    ALTER TABLE measurements_2025 NO INHERIT measurements, REPLICA IDENTITY NOTHING`);
  await told('public.measurements_2025');
  await master.query(
    'ALTER TABLE attic.visits_21 REPLICA IDENTITY NOTHING; ALTER TABLE visits DETACH PARTITION visits_2',
  );
  expect(await refusedByServer()).toEqual([]);
  expect(await refusedAsTold()).toEqual([]);
});

test('FOREIGN_PUBLICATION_REFUSES_WRITES: of all tables, of a schema, of columns and rows; ours goes and it is still told', async () => {
  await master.query('DROP PUBLICATION acas_demo_shop');
  await admin.query('CREATE PUBLICATION cdc_all FOR ALL TABLES');
  const all = ['attic.visits_21', 'public.ext_own', 'public.measurements_2026', 'public.ref_sys'];
  expect(await refusedByServer()).toEqual(all);
  expect(await refusedAsTold()).toEqual(all);
  const [finding] = checkForeignRefusals(contract, await observed());
  await carryOut(finding!, admin, 'FOREIGN_PUBLICATION_REFUSES_WRITES');
  expect(await refusedByServer()).toEqual([]);
  await admin.query('DROP PUBLICATION cdc_all');
  if (!from(15)) return;
  await master.query('ALTER TABLE attic.visits_21 REPLICA IDENTITY NOTHING');
  await admin.query(`CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA attic;
    CREATE PUBLICATION by_rows FOR TABLE secret WHERE (v > 1), nothing WHERE (id > 1), whole WHERE (v > 1);
    CREATE PUBLICATION by_columns FOR TABLE deferred (id), trail_1 (id), trail_21 (v)`);
  const lists = ['attic.visits_21', 'public.deferred', 'public.secret', 'public.trail_21'];
  expect(await refusedByServer()).toEqual(lists);
  expect(await refusedAsTold()).toEqual(lists);
  for (const { code, next } of checkForeignRefusals(contract, await observed()))
    await carryOut({ code, next }, admin, 'FOREIGN_PUBLICATION_REFUSES_WRITES');
  expect(await refusedByServer()).toEqual([]);
});

test('UNLOGGED_TABLES, FOREIGN_TABLES_NOT_REPLICATED, EXTENSION_TABLES_NOT_REPLICATED and EXCLUDE_MATCHES_NOTHING name what is left out', async () => {
  const shop = await surveySourceDatabase(asking(session), contract.replication.role);
  const source = { ...healthySource(contract), databases: { shop } };
  const scope = { contract, connected: false, source, target: null };
  const find = (facts: typeof source): Finding[] =>
    notSelectedChecks.flatMap((check) => (check.run(facts, scope) ?? []).map((found) => stamped(check, found)));
  const findings = find(source);
  expect(findings.map(({ code, severity, seen }) => `${severity} ${code}: ${seen}`)).toEqual([
    'warn UNLOGGED_TABLES: database shop has unlogged tables: public.visits_3',
    'warn FOREIGN_TABLES_NOT_REPLICATED: database shop has foreign tables: public.trail_old',
    'warn EXTENSION_TABLES_NOT_REPLICATED: database shop has tables that belong to extensions and are left out: public.ext_own (extension citext, about 0 rows), public.ref_sys (extension citext, about 0 rows, users may add some)',
  ]);
  const selection: Selection = { kind: 'all', exclude: ['public.plain', 'public.plane', 'attic.*'] };
  const excluding = { ...contract, links: [{ database: 'shop', streams: [stream('shop', selection)] }] };
  const misspelt = notSelectedChecks.flatMap((check) => check.run(source, { ...scope, contract: excluding }) ?? []);
  expect(misspelt.map(({ seen }) => seen)).toContain(
    'database shop has no table that public.plane in databases[].exclude would leave out',
  );
  await carryOut(findings[0]!, master, 'UNLOGGED_TABLES');
  const again = {
    ...source,
    databases: { shop: await surveySourceDatabase(asking(session), contract.replication.role) },
  };
  expect(codesOf(find(again))).not.toContain('UNLOGGED_TABLES');
});
