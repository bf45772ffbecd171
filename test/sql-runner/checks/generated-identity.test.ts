import type { Client } from 'pg';
import { checkRefusedWrites } from '../../../sql-runner/checks/refused-writes';
import { checkSelectedTables } from '../../../sql-runner/plan/gates/selected-tables';
import { streamOf, type StreamOf } from '../../../sql-runner/model/streams';
import type { SourceObservation } from '../../../sql-runner/model/observation';
import { observeSourceDatabase } from '../../../sql-runner/observe/observe-database';
import type { Session } from '../../../sql-runner/postgres/session';
import { formatMark } from '../../../sql-runner/model/mark';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract, stream } from '../support/contract';
import { edit, untouched } from '../support/observations';
import { carryOut } from './printed-fix';
import { refusedUpdates, toldToBeRefused } from './refusals';
import { asking } from '../support/asking';

/**
 * Tables whose replica identity covers a generated column, which nothing sends: from 18 on production refuses their
 * UPDATE and DELETE once they are published.
 */
const contract = sourceContract(['shop']);
const of: StreamOf = streamOf('shop', stream('shop', { kind: 'schemas', schemas: ['computed'] }));
let cluster: TestCluster;
let master: Client;
let admin: Client;
let session: Session;

beforeAll(async () => {
  cluster = await startTestCluster({ parameters: { wal_level: 'logical' } });
  master = await cluster.connect('shop');
  admin = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => admin.end());
  await master.query(`CREATE SCHEMA computed;
    CREATE TABLE computed.whole (v int, w int GENERATED ALWAYS AS (v + 1) STORED);
    ALTER TABLE computed.whole REPLICA IDENTITY FULL;
    CREATE TABLE computed.chosen (v int NOT NULL UNIQUE, w int NOT NULL GENERATED ALWAYS AS (v + 1) STORED UNIQUE);
    ALTER TABLE computed.chosen REPLICA IDENTITY USING INDEX chosen_w_key;
    CREATE TABLE computed.keyed (v int, w int GENERATED ALWAYS AS (v + 1) STORED PRIMARY KEY);
    CREATE TABLE computed.beside (id int PRIMARY KEY, v int, w int GENERATED ALWAYS AS (v + 1) STORED);
    CREATE TABLE computed.included (id int, v int, w int GENERATED ALWAYS AS (v + 1) STORED, PRIMARY KEY (id) INCLUDE (w));
    CREATE TABLE computed.root (id int, v int, w int GENERATED ALWAYS AS (v + 1) STORED) PARTITION BY RANGE (id);
    CREATE TABLE computed.root_1 PARTITION OF computed.root FOR VALUES FROM (0) TO (10);
    ALTER TABLE computed.root_1 REPLICA IDENTITY FULL`);
  if (from(18))
    await master.query(`CREATE TABLE computed.thought (v int, w int GENERATED ALWAYS AS (v + 1) VIRTUAL);
      ALTER TABLE computed.thought REPLICA IDENTITY FULL`);
  session = await openSession(targetOf(cluster, 'shop'));
  cluster.onStop(() => session.close());
});

afterAll(() => cluster?.stop());

async function observed(): Promise<SourceObservation> {
  const facts = await observeSourceDatabase(asking(session), 'acas_demo');
  return edit(untouched(contract).source, (source) => {
    source.login = cluster.master.user;
    source.server.versionNum = session.serverVersionNum;
    source.databases = { shop: { ...facts, heartbeats: [] } as never };
  });
}

const refusedByServer = () => refusedUpdates(admin, ['computed']);
const refusedAsTold = async () => toldToBeRefused(contract, await observed());

const published = async (): Promise<string[]> => {
  const { rows } = await master.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_publication_tables WHERE pubname = 'acas_demo_shop' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

test('SOURCE_REFUSES_WRITES and REPLICA_IDENTITY_MISSING: named before they are published, and ended afterwards', async () => {
  const refuses = from(18);
  // Of partitions to come new-partitions.test.ts tells.
  const told = async () =>
    checkSelectedTables(contract, await observed(), of).filter(({ code }) => code !== 'NEW_PARTITIONS_REFUSE_WRITES');
  const found = await told();
  const names = found.map(({ seen }) => /table (\S+)/.exec(seen)![1]!);
  // Up to 17 the source does not mind, and the clone's worker would stop at the first UPDATE.
  const unsent = ['computed.chosen', 'computed.keyed'];
  expect(names).toEqual(refuses ? [...unsent, 'computed.root_1', 'computed.thought', 'computed.whole'] : unsent);
  await carryOut(
    found.find(({ seen }) => seen.includes('computed.chosen'))!,
    master,
    'REPLICA_IDENTITY_MISSING',
  );
  expect(await told()).toHaveLength(names.length - 1);
  await master.query('ALTER TABLE computed.chosen REPLICA IDENTITY USING INDEX chosen_w_key');
  await publishByHand();
  const refused = await refusedByServer();
  expect(refused).toEqual(refuses ? names : []);
  expect(await refusedAsTold()).toEqual(refused);
  if (!refuses) return;
  const [finding] = checkRefusedWrites(contract, await observed());
  await carryOut(finding!, master, 'SOURCE_REFUSES_WRITES');
  expect(await refusedByServer()).toEqual([]);
  expect(await published()).toEqual(['computed.beside', 'computed.chosen', 'computed.included']);
  // What sends generated columns, or a list of columns, is refused otherwise.
  await master.query('DROP PUBLICATION acas_demo_shop');
  await admin.query(`CREATE PUBLICATION cdc FOR TABLES IN SCHEMA computed WITH (publish_generated_columns = stored);
    CREATE PUBLICATION cdc_list FOR TABLE computed.keyed (w)`);
  expect(await refusedByServer()).toEqual(['computed.thought']);
  expect(await refusedAsTold()).toEqual(['computed.thought']);
  await admin.query('DROP PUBLICATION cdc, cdc_list');
});

/** As one that stands already when its tables come to be so. */
async function publishByHand(): Promise<void> {
  const mark = formatMark({ kind: 'publication', environment: contract.environment, slot: 'acas_demo_shop' });
  await master.query(`CREATE PUBLICATION acas_demo_shop FOR TABLE ONLY computed.whole, ONLY computed.chosen, ONLY computed.keyed,
    ONLY computed.beside, ONLY computed.included, computed.root${from(18) ? ', ONLY computed.thought' : ''}`);
  await master.query(`COMMENT ON PUBLICATION acas_demo_shop IS '${mark}'`);
}
