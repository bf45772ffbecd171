import { streamOf } from '../../../sql-runner/model/streams';
import type { Client } from 'pg';
import { checkHeartbeatSent } from '../../../sql-runner/checks/heartbeat-sent';
import { heartbeatTable, planHeartbeat } from '../../../sql-runner/resources/heartbeat';
import { quoteLiteral, quoteQualified } from '../../../sql-runner/postgres/text/quoting';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { conninfo } from '../support/clone-pair';
import { sourceContract, stream } from '../support/contract';
import { edit, publication, slot, untouched } from '../support/observations';
import { sqlOf } from '../support/plans';
import { carryOut, printedDeploy } from './printed-fix';

/** A subscription of others, which is there before our heartbeat. */
const contract = sourceContract(['shop']);
const of = streamOf('shop', stream('shop'));
const shared = edit(untouched(contract), ({ source }) => {
  source.databases.shop!.publications.push(publication('reporting', null, { allTables: true, comment: null }));
  source.slots.push(slot('reporting', 'shop'));
});

let cluster: TestCluster;
let source: Client;
let subscriber: Client;
const beat = `INSERT INTO ${quoteQualified(heartbeatTable(of))} VALUES (gen_random_uuid(), NULL, 1, now(), '0/1', NULL)`;
const arrived = async (id: number) => {
  const { rows } = await subscriber.query('SELECT FROM orders WHERE id = $1', [id]);
  return rows.length === 1;
};

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'reports'], parameters: { wal_level: 'logical' } });
  source = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => source.end());
  await source.query('CREATE TABLE orders (id int PRIMARY KEY)');
  await source.query('CREATE PUBLICATION reporting FOR ALL TABLES');
  await source.query(`SELECT pg_create_logical_replication_slot('reporting', 'pgoutput')`);
  subscriber = await cluster.cluster.adminClient('reports');
  cluster.onStop(() => subscriber.end());
  await subscriber.query('CREATE TABLE orders (id int PRIMARY KEY)');
  await subscriber.query(
    `CREATE SUBSCRIPTION reporting CONNECTION ${quoteLiteral(conninfo(cluster, 'shop'))}
     PUBLICATION reporting WITH (create_slot = false, copy_data = false)`,
  );
});
afterAll(() => cluster?.stop());

test('a subscriber stops at our heartbeat where it has no such table, and goes on once it has, as printed', async () => {
  await source.query('INSERT INTO orders VALUES (1)');
  await eventually(() => arrived(1));
  for (const change of planHeartbeat(contract, untouched(contract).source, of, true).changes)
    for (const statement of sqlOf(change)) await source.query(statement);
  await source.query(beat);
  await source.query('INSERT INTO orders VALUES (2)');
  const failing = `SELECT apply_error_count > 0 AS failing FROM pg_stat_subscription_stats WHERE subname = 'reporting'`;
  if (from(15))
    await eventually(async () => (await subscriber.query<{ failing: boolean }>(failing)).rows[0]?.failing === true);
  expect(await arrived(2)).toBe(false);
  const finding = checkHeartbeatSent(contract, shared.source, [of])[0]!;
  expect(printedDeploy(finding, 'HEARTBEAT_SENT_TO_OTHERS')).toBe(contract.stacks.source);
  await carryOut(finding, subscriber, 'HEARTBEAT_SENT_TO_OTHERS');
  await eventually(() => arrived(2));
  expect((await subscriber.query(`SELECT FROM ${quoteQualified(heartbeatTable(of))}`)).rows).toEqual([]);
});
