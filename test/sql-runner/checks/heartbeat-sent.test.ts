import type { Client } from 'pg';
import { checkHeartbeatSent } from '../../../sql-runner/checks/heartbeat-sent';
import { planApply } from '../../../sql-runner/engine/plan-apply';
import { heartbeatTable, planHeartbeat } from '../../../sql-runner/resources/heartbeat';
import { quoteLiteral, quoteQualified } from '../../../sql-runner/postgres/quoting';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { conninfo } from '../support/clone-pair';
import { sourceContract, stream } from '../support/contract';
import { type Draft, edit, following, publication, slot, untouched } from '../support/observations';
import { codes, outline, sqlOf } from '../support/plans';
import type { Observation } from '../../../sql-runner/engine/observation';
import { carryOut, printedDeploy } from './printed-fix';

/** What others replicate goes on while our heartbeat is made beside it. */
const contract = sourceContract(['shop']);
const of = { database: 'shop', stream: stream('shop') };
const all = (draft: Draft<Observation>) => {
  draft.source.databases.shop!.publications.push(publication('reporting', null, { allTables: true, comment: null }));
  draft.source.slots.push(slot('reporting', 'shop'));
};
const shared = edit(untouched(contract), all);
const told = ({ source }: Observation) => checkHeartbeatSent(contract, source, [of]);

describe('HEARTBEAT_SENT_TO_OTHERS', () => {
  test('stands in the way of a first apply, until it is accepted', () => {
    const plan = planApply(contract, shared);
    expect([codes(plan, 'block'), plan.changes]).toEqual([['HEARTBEAT_SENT_TO_OTHERS'], []]);
    expect(told(shared)[0]!.seen).toContain('slot reporting there may send by it: also acas_demo_shop.acas_heartbeat');
    expect(printedDeploy(told(shared)[0]!, 'HEARTBEAT_SENT_TO_OTHERS')).toBe(contract.stacks.source);
    const accepting = { ...contract, acknowledge: ['HEARTBEAT_SENT_TO_OTHERS'] };
    expect(outline(planApply(accepting, shared))).toContain('+ source/shop/heartbeat/acas_demo_shop');
  });

  test('stops no repair once the heartbeat is there, but the next beat', () => {
    const [finding, ...others] = told(edit(following(contract), all));
    expect([finding, others]).toMatchObject([{ severity: 'block', stops: [] }, []]);
    expect(finding).not.toHaveProperty('standing');
    expect(finding!.seen).toContain('which apply has made, and would write to');
  });

  test.each<[string, (draft: Draft<Observation>) => void]>([
    ['nobody reads by it', ({ source }) => (source.slots = [])],
    ['its slot is of another database', ({ source }) => Object.assign(source.slots[0]!, { database: 'ledger' })],
    ['its slot is of another plugin', ({ source }) => Object.assign(source.slots[0]!, { plugin: 'test_decoding' })],
    ['its slot is temporary', ({ source }) => Object.assign(source.slots[0]!, { temporary: true })],
    ['the slot is ours', ({ source }) => Object.assign(source.slots[0]!, { name: of.stream.slot })],
    [
      'the slot is of a stream that was forgotten',
      ({ source }) => source.forgotten.push({ database: 'shop', stream: { ...of.stream, slot: 'reporting' } }),
    ],
    ['a table is copied with the slot', ({ source }) => Object.assign(source.slots[0]!, { name: 'pg_1_sync_2_3' })],
    [
      'it lists its tables',
      ({ source }) => Object.assign(source.databases.shop!.publications[0]!, { allTables: false }),
    ],
  ])('is nothing to say where %s', (_, change) => {
    expect(told(shared)).toHaveLength(1);
    expect(told(edit(shared, change))).toStrictEqual([]);
  });
});

describe('on a real server', () => {
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
    await carryOut(told(shared)[0]!, subscriber, 'HEARTBEAT_SENT_TO_OTHERS');
    await eventually(() => arrived(2));
    expect((await subscriber.query(`SELECT FROM ${quoteQualified(heartbeatTable(of))}`)).rows).toEqual([]);
  });
});
