import type { Client } from 'pg';
import type { Finding } from '../../../../sql-runner/model/change';
import { execute } from '../../../../sql-runner/execute/execute';
import { replicationSlots } from '../../../../sql-runner/postgres/catalog/slots';
import type { Observation } from '../../../../sql-runner/model/observation';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../../sql-runner/plan/plan-teardown';
import { quoteLiteral } from '../../../../sql-runner/postgres/text/quoting';
import { takenTables } from '../../../../sql-runner/observe/taken-tables';
import { startTestCluster, type TestCluster } from '../../../support/postgres';
import { carryOut } from '../../checks/printed-fix';
import { conninfo } from '../../support/clone-pair';
import { sourceContract } from '../../support/contract';
import { liveExecution, type Live } from '../../support/live';
import { edit, following, slot } from '../../support/observations';
import { asking } from '../../support/asking';

/**
 * A subscription names the slots with which it copies tables by oids alone: whose one is that stays, and whether it is
 * still of use, is told by all that is known of both sides. One cluster is source and clone.
 */
const contract = sourceContract(['shop', 'ledger']);
let cluster: TestCluster;
let live: Live;
let ledger: Client;
let subscription: { oid: number; table: number };

beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop', 'ledger'], parameters: { wal_level: 'logical' } });
  live = liveExecution(cluster, contract);
  const shop = await cluster.connect('shop');
  ledger = await cluster.connect('ledger');
  for (const client of [shop, ledger]) await client.query('CREATE TABLE copied (id int PRIMARY KEY)');
  await shop.query('CREATE PUBLICATION copies FOR TABLE copied');
  await ledger.query(`CREATE SUBSCRIPTION acas_demo_ledger CONNECTION ${quoteLiteral(conninfo(cluster, 'shop'))}
    PUBLICATION copies WITH (create_slot = false, slot_name = acas_demo_ledger, enabled = false)`);
  const { rows } = await ledger.query<typeof subscription>(
    'SELECT srsubid::int AS oid, srrelid::int AS table FROM pg_subscription_rel',
  );
  [subscription] = rows as [typeof subscription];
  await make('acas_demo_ledger');
});
afterAll(async () => {
  await live?.close();
  await cluster?.stop();
});

const make = (name: string) => ledger.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [name]);
const left = (oid: number) => `pg_${oid}_sync_${subscription.table}_7400000000000000001`;
const slots = async () => (await replicationSlots(await live.open('ledger'))).map(({ name }) => name);

/** The slots and what is still to be copied as they are; that the streams follow is no matter of this. */
async function observed(): Promise<Observation> {
  const session = await live.open('ledger');
  const [real, taken] = [await replicationSlots(session), await takenTables(asking(session))];
  return edit(following(contract), ({ source, target }) => {
    source.slots = [slot('acas_demo_shop', 'shop', { active: true }), ...real];
    Object.assign(
      target!.subscriptions.find(({ database }) => database === 'ledger')!,
      { oid: subscription.oid },
    );
    const { subscription: ours } = target!.databases.ledger!.streams.acas_demo_ledger!;
    Object.assign(ours!, { oid: subscription.oid });
    Object.assign(target!.databases.ledger!, { taken });
  });
}

const of = (findings: readonly Finding[]): Finding[] => findings.filter(({ code }) => code === 'TABLE_COPY_SLOT_LEFT');
const told = async (change: Parameters<typeof edit<Observation>>[1] = () => undefined): Promise<Finding> => {
  const [finding, ...others] = of(planApply(contract, edit(await observed(), change)).findings);
  expect(others).toEqual([]);
  return finding!;
};

test('while the table is not copied the slot is left to its subscription', async () => {
  await make(left(subscription.oid));
  const finding = await told();
  expect(finding.seen).toMatch(/; that is acas_demo_ledger, which has not copied the table yet$/);
  expect(finding.next).toMatch(/^nothing while the copy goes on/);
});

test('whose it is, is not known while others have slots there, and while no clone is looked at', async () => {
  await make('dms');
  expect((await told()).seen).toMatch(/not known whose that is: others have slots in the database as well$/);
  expect(of(planTeardown(contract, await observed()).findings)[0]?.next).toMatch(
    /^ask who subscribes to database ledger/,
  );
  await ledger.query(`SELECT pg_drop_replication_slot('dms')`);
  expect((await told((draft) => (draft.target = null))).seen).toMatch(/whose that is: no clone was looked at$/);
  const foreign = await told(({ target }) => {
    for (const one of target!.subscriptions) one.comment = null;
  });
  expect(foreign.seen).toMatch(/: subscription acas_demo_ledger of the clone has that oid and is not ours$/);
  const elsewhere = await told(({ source }) => (source.slots.at(-1)!.database = 'else'));
  expect(elsewhere.seen).toMatch(/: the database is not of this environment$/);
});

test('one that the subscription needs no more, or whose subscription is gone, is dropped as printed', async () => {
  const done = await told(({ target }) => (target!.databases.ledger!.taken = []));
  expect(done.seen).toMatch(/; that is acas_demo_ledger, which needs it no more$/);
  await carryOut(done, ledger, 'TABLE_COPY_SLOT_LEFT');
  expect(await slots()).toEqual(['acas_demo_ledger']);
  await make(left(99_999));
  const gone = await told();
  expect(gone.seen).toMatch(/; no subscription of the clone has it, and nobody else has a slot in the database$/);
  await carryOut(gone, ledger, 'TABLE_COPY_SLOT_LEFT');
  // What is gone by then, or in use, is left alone.
  await carryOut(gone, ledger, 'TABLE_COPY_SLOT_LEFT');
  expect(await slots()).toEqual(['acas_demo_ledger']);
});

test('teardown and reset drop what their subscriptions had left, and name what is left of others', async () => {
  await make(left(subscription.oid));
  await make(left(99_999));
  const plans = [planTeardown, planReset].map(async (plan) => plan(contract, await observed()));
  const [torn, reset] = await Promise.all(plans);
  for (const { changes, findings } of [torn!, reset!]) {
    const drops = changes.filter(({ id }) => id.includes('/copy-slot/'));
    expect(drops.map(({ id }) => id)).toEqual([`source/ledger/copy-slot/${left(subscription.oid)}`]);
    expect(of(findings).map(({ seen }) => seen)).toEqual([expect.stringContaining('the subscription with oid 99999')]);
    // The second time it is gone already.
    for (const drop of drops) await execute(drop, live.execution);
  }
  expect(await slots()).toEqual(['acas_demo_ledger', left(99_999)]);
  const blind = edit(await observed(), (draft) => (draft.target = null));
  const [finding] = of(planTeardown(contract, blind).findings);
  expect(finding!.seen).toMatch(/; nobody but this environment has a slot in the database$/);
  await carryOut(finding!, ledger, 'TABLE_COPY_SLOT_LEFT');
  expect(await slots()).toEqual(['acas_demo_ledger']);
});
