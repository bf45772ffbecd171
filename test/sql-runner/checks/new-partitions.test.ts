import { streamOf } from '../../../sql-runner/model/streams';
import type { Client } from 'pg';
import { checkPublishedPartitions } from '../../../sql-runner/checks/new-partitions';
import { checkSelectedTables } from '../../../sql-runner/plan/gates/selected-tables';
import type { Finding } from '../../../sql-runner/model/change';
import type { SourceObservation } from '../../../sql-runner/model/observation';
import { observeSourceDatabase } from '../../../sql-runner/observe/observe-database';
import type { Session } from '../../../sql-runner/postgres/session';
import { formatMark } from '../../../sql-runner/model/mark';
import type { Selection } from '../../../contract/contract';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract, stream } from '../support/contract';
import { edit, untouched } from '../support/observations';
import { printedDeploy } from './printed-fix';
import { asking } from '../support/asking';

/** Partitions that do not exist yet: what production will refuse on them, as the server has it, told before. */
const contract = sourceContract(['shop']);
const SCHEMA: Selection = { kind: 'schemas', schemas: ['parted'] };
let cluster: TestCluster;
let master: Client;
let session: Session;

const SETUP = `CREATE SCHEMA parted; SET search_path = parted;
  CREATE TABLE keyed (id int PRIMARY KEY, v int) PARTITION BY RANGE (id); ALTER TABLE keyed REPLICA IDENTITY NOTHING;
  CREATE TABLE bare (id int, v int) PARTITION BY RANGE (id);
  CREATE TABLE bare_1 PARTITION OF bare FOR VALUES FROM (0) TO (10); ALTER TABLE bare_1 REPLICA IDENTITY FULL;
  CREATE TABLE whole (id int, v int) PARTITION BY RANGE (id); ALTER TABLE whole REPLICA IDENTITY FULL;
  CREATE TABLE chosen (id int NOT NULL UNIQUE, v int) PARTITION BY RANGE (id);
  ALTER TABLE chosen REPLICA IDENTITY USING INDEX chosen_id_key;
  CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE, v int) PARTITION BY RANGE (id);
  CREATE TABLE deep (id int, v int) PARTITION BY RANGE (id);
  CREATE TABLE deep_1 PARTITION OF deep (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);
  CREATE TABLE expr (id int, v int) PARTITION BY RANGE ((id % 10));
  CREATE TABLE expr_1 PARTITION OF expr FOR VALUES FROM (0) TO (5); ALTER TABLE expr_1 REPLICA IDENTITY FULL;
  CREATE TABLE late (id int NOT NULL, v int) PARTITION BY RANGE (id);
  CREATE TABLE late_1 PARTITION OF late FOR VALUES FROM (0) TO (10); ALTER TABLE late_1 REPLICA IDENTITY FULL;
  CREATE TABLE late_2 PARTITION OF late FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
  ALTER TABLE ONLY late ADD PRIMARY KEY (id);
  CREATE TABLE computed (id int, v int, w int GENERATED ALWAYS AS (1) STORED, PRIMARY KEY (id, w)) PARTITION BY RANGE (id);
  RESET search_path`;
/** As the server has it: with a generated column in the key it refuses from 18 on, and up to 17 the clone's worker stops. */
const REFUSED = ['bare', 'chosen', ...(from(18) ? ['computed'] : []), 'deep', 'deferred', 'expr', 'late_2', 'whole'];
const TOLD = ['bare', 'chosen', 'computed', 'deep', 'deferred', 'expr', 'late_2', 'whole'];

beforeAll(async () => {
  cluster = await startTestCluster({ parameters: { wal_level: 'logical' } });
  master = await cluster.connect('shop');
  await master.query(SETUP);
  session = await openSession(targetOf(cluster, 'shop'));
  cluster.onStop(() => session.close());
});

afterAll(() => cluster?.stop());

const tablesOf = (...names: readonly string[]): Selection => ({
  kind: 'tables',
  tables: names.map((name) => ({ schema: 'parted', name })),
});

async function observed(): Promise<SourceObservation> {
  const facts = await observeSourceDatabase(asking(session), 'acas_demo');
  return edit(untouched(contract).source, (source) => {
    source.login = cluster.master.user;
    source.databases = { shop: { ...facts, heartbeats: [] } as never };
  });
}

/** Of a selection, before it is published. */
async function told(selection: Selection = SCHEMA): Promise<Finding[]> {
  const findings = checkSelectedTables(contract, await observed(), streamOf('shop', stream('shop', selection)));
  return findings.filter(({ code }) => code === 'NEW_PARTITIONS_REFUSE_WRITES');
}

const namesIn = (findings: readonly Finding[]) =>
  findings.flatMap(({ seen }) => [...seen.matchAll(/parted\.(\w+) \(/g)].map(([, name]) => name!));

/** Makes a partition of each partitioned table, and tries it. */
async function refusedOnNew(...more: readonly string[]): Promise<string[]> {
  const { rows } = await master.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relkind = 'p' AND relnamespace = 'parted'::regnamespace ORDER BY 1`,
  );
  const refused: string[] = [];
  for (const { name } of rows) {
    await master.query(`BEGIN; CREATE TABLE parted.fresh PARTITION OF parted."${name}" DEFAULT`);
    for (const statement of more) await master.query(statement);
    const error = await master.query('UPDATE parted.fresh SET v = v').catch((cause: { code: string }) => cause);
    if ('code' in error && ['55000', '42P10'].includes(error.code)) refused.push(name);
    else expect(error).not.toBeInstanceOf(Error);
    await master.query('ROLLBACK');
  }
  return refused;
}

async function publish(...tables: readonly string[]): Promise<void> {
  const mark = formatMark({ kind: 'publication', environment: contract.environment, slot: 'acas_demo_shop' });
  const list = tables.map((name) => `parted.${name}`).join(', ');
  await master.query(`CREATE PUBLICATION acas_demo_shop FOR TABLE ${list};
    COMMENT ON PUBLICATION acas_demo_shop IS '${mark}'`);
}

test('NEW_PARTITIONS_REFUSE_WRITES: named before they are published, as the server then has it', async () => {
  expect(await refusedOnNew()).toEqual([]);
  const [finding, ...others] = await told();
  expect([namesIn([finding!]), others]).toEqual([TOLD, []]);
  expect(finding).toMatchObject({ severity: 'block', stops: ['publish', 'slot', 'ticket'] });
  await publish('keyed', 'bare', 'whole', 'chosen', 'deferred', 'deep', 'expr', 'late', 'computed');
  expect(await refusedOnNew()).toEqual(REFUSED);
  const [standing, ...more] = checkPublishedPartitions(contract, await observed());
  expect([namesIn([standing!]), more]).toEqual([TOLD, []]);
  expect(standing).toMatchObject({ severity: 'warn' });
  expect(standing).not.toHaveProperty('stops');
  expect(printedDeploy(standing!, 'NEW_PARTITIONS_REFUSE_WRITES')).toBe(contract.stacks.source);
});

test('who gives a partition an identity where it is made may accept it', async () => {
  const whole = 'ALTER TABLE parted.fresh REPLICA IDENTITY FULL';
  expect(await refusedOnNew(whole)).toEqual(from(18) ? ['computed'] : []);
});

test('a primary key ends it, and so does what is named one by one', async () => {
  await master.query(`ALTER TABLE parted.deferred DROP CONSTRAINT deferred_pkey;
    ALTER TABLE parted.computed DROP CONSTRAINT computed_pkey`);
  for (const name of ['bare', 'chosen', 'computed', 'deep', 'deferred', 'late_2', 'whole'])
    await master.query(`ALTER TABLE parted.${name} ADD PRIMARY KEY (id)`);
  // No key is possible where a partition key is an expression.
  await expect(master.query('ALTER TABLE parted.expr ADD PRIMARY KEY (id)')).rejects.toThrow(/partition key/);
  expect(await refusedOnNew()).toEqual(['expr']);
  const [finding] = await told();
  expect(namesIn([finding!])).toEqual(['expr']);
  expect(namesIn(checkPublishedPartitions(contract, await observed()))).toEqual(['expr']);
  expect(printedDeploy(finding!, 'NEW_PARTITIONS_REFUSE_WRITES')).toBe(contract.stacks.source);
  const named = ['bare', 'expr_1', 'late'];
  expect(await told(tablesOf(...named))).toEqual([]);
  await master.query('DROP PUBLICATION acas_demo_shop');
  await publish(...named);
  expect(await refusedOnNew()).toEqual([]);
  expect(checkPublishedPartitions(contract, await observed())).toEqual([]);
});
