import { factsOf } from '../../../../sql-runner/model/stream-state';
import type { Client } from 'pg';
import type { Proposal } from '../../../../sql-runner/model/change';
import { execute } from '../../../../sql-runner/execute/execute';
import { observeInheritable } from '../../../../sql-runner/observe/observe-inheritable';
import { observeSeed, observeSubscriptions } from '../../../../sql-runner/observe/observe-database';
import { replicationSlots } from '../../../../sql-runner/postgres/catalog/slots';
import type { SourceObservation, TargetObservation } from '../../../../sql-runner/model/observation';
import { streamsOf } from '../../../../sql-runner/model/streams';
import { planFreshClone } from '../../../../sql-runner/resources/fresh-clone/fresh-clone';
import { planReadOnlyFence } from '../../../../sql-runner/resources/read-only-fence';
import { planSubscriptionDrop } from '../../../../sql-runner/resources/renamed-subscription';
import { advanceOrigin } from '../../../../sql-runner/resources/replication-origin';
import { createSubscription, enableSubscription } from '../../../../sql-runner/resources/subscription';
import { eventually } from '../../../support/eventually';
import { startTestCluster, type TestCluster } from '../../../support/postgres';
import { from, postgresMajor } from '../../../support/postgres-major';
import { carryOut, type Printed } from '../../checks/printed-fix';
import { at, cloneOf, conninfo, type ClonePair } from '../../support/clone-pair';
import { sourceContract } from '../../support/contract';
import { cloned, NONCE } from '../../support/observations';
import {
  CHANGES,
  halfBuild,
  MADE_ON_CLONE,
  one,
  prepare,
  PRODUCTION,
  subscribeToUpstream,
  UPSTREAM,
} from '../../support/production-habits';

// A real clone of a source that has everything a clone must not keep or run.
const PARAMETERS = { wal_level: 'logical', max_prepared_transactions: '10', max_worker_processes: '20' };
const contract = sourceContract(['shop']);
const of = streamsOf(contract)[0]!;
/** As the lab's master user is up to 15: everything is theirs, nothing hidden from them. */
const asSuperuser = !from(16);
const server = { ...cloned(contract).target!.server, versionNum: postgresMajor() * 10_000 };

let source: TestCluster;
let shop: Client;
let pair: ClonePair;
let seed: string;

beforeAll(async () => {
  source = await startTestCluster({ databases: ['shop', 'feed', 'other'], parameters: PARAMETERS });
  const feed = await source.connect('feed');
  await feed.query(UPSTREAM);
  await feed.query(`SELECT pg_create_logical_replication_slot('live', 'pgoutput')`);
  await feed.query(`SELECT pg_create_logical_replication_slot('halfway', 'pgoutput')`);
  const admin = await source.cluster.adminClient('shop');
  source.onStop(() => admin.end());
  shop = await source.connect('shop');
  for (const { as, sql } of PRODUCTION) await (as === 'admin' ? admin : shop).query(sql);
  await subscribeToUpstream({ shop, feed, admin }, conninfo(source, 'feed'));
  await admin.query(`SELECT pg_replication_origin_create('other tool')`);
  // As a subscription left it behind; no function makes such a name.
  await admin.query(`SET allow_system_table_mods = on; INSERT INTO pg_replication_origin VALUES (99, 'pg_12000')`);
  await shop.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);

  await prepare(shop, 'app', 'still open', `UPDATE orders SET note = 'open' WHERE id = 1`);
  await prepare(shop, 'app', 'committed meanwhile', `UPDATE orders SET note = 'committed' WHERE id = 2`);
  await prepare(shop, 'app', 'rolled back meanwhile', `UPDATE orders SET note = 'never' WHERE id = 3`);
  await prepare(admin, 'outsider', 'of somebody', `UPDATE orders SET note = 'theirs' WHERE id = 4`);
  await prepare(await source.connect('other'), 'master', 'elsewhere', 'CREATE TABLE t ()');
  const finish = await halfBuild(shop, () => source.connect('shop'));
  pair = await cloneOf(source, PARAMETERS);
  await finish();
  await shop.query(`SET ROLE app`);
  await shop.query(`COMMIT PREPARED 'committed meanwhile'`);
  await shop.query(`ROLLBACK PREPARED 'rolled back meanwhile'`);
  await shop.query('RESET ROLE');
});
afterAll(() => source.stop());

const databases = new Set(['shop', 'feed', 'other']);

async function observe(): Promise<{ source: SourceObservation; target: TargetObservation }> {
  const base = cloned(contract);
  const reading = pair.connections.reading();
  const side = async (name: 'source' | 'target') => {
    return {
      slots: await reading.ask(at(name, 'shop'), replicationSlots),
      subscriptions: await observeSubscriptions(reading, name, databases),
      inheritable: await observeInheritable(reading, name, databases, ['acas_demo_shop']),
    };
  };
  const seeds = await reading.at(at('target', 'shop'), observeSeed);
  seed = seeds.seedLsn!;
  return {
    source: { ...base.source, ...(await side('source')) },
    target: { ...base.target!, server, ...(await side('target')), ...seeds, fence: true },
  };
}

async function plan(): Promise<Proposal> {
  const facts = await observe();
  return planFreshClone(contract, facts.source, facts.target, [factsOf(contract, { ...facts, ticket: null }, of)]);
}

const carryOutAll = async (...proposals: Proposal[]): Promise<void> => {
  for (const change of proposals.flatMap(({ changes }) => changes)) await execute(change, pair.execution);
};
const codes = ({ findings }: Proposal): string[] => findings.map(({ code, severity }) => `${severity} ${code}`);

test('what cannot be ended with our rights blocks, until the printed statement lets us', async () => {
  const stuck = (await plan()).findings.filter(({ severity }) => severity === 'block');
  const ofOutsider = { code: 'PREPARED_TRANSACTION_STUCK', next: expect.stringContaining('GRANT "outsider" TO') };
  expect(stuck).toMatchObject(asSuperuser ? [] : [ofOutsider]);
  // On the clone only: the source is none of this.
  const here = await pair.onClone('shop');
  for (const finding of stuck) await carryOut(finding, here, 'PREPARED_TRANSACTION_STUCK');
  if (asSuperuser) await here.query('GRANT outsider TO master');
  expect(codes(await plan())).not.toContain('block PREPARED_TRANSACTION_STUCK');
});

test('copies are removed or stopped, what was made on the clone stays, and what stays is said', async () => {
  const made = await pair.onClone('shop');
  await prepare(made, 'app', 'made on the clone', `INSERT INTO local_notes VALUES ('x')`);
  for (const sql of MADE_ON_CLONE) await made.query(sql);
  const update = `UPDATE made_here SET note = 'b'`;
  await expect(made.query(update)).rejects.toThrow('does not have a replica identity');
  const proposal = await plan();
  expect(proposal.changes.map(({ id }) => id.replace('target/', ''))).toEqual([
    'shop/inherited-event-trigger/ddl_audit',
    ...(asSuperuser ? ['shop/inherited-event-trigger/of_the_service'] : []),
    'shop/inherited-subscription/halfway',
    'shop/inherited-subscription/live',
    'shop/inherited-cron-job/1',
    ...(asSuperuser ? ['shop/inherited-cron-job/2'] : []),
    'shop/inherited-prepared-transaction/committed meanwhile',
    'shop/inherited-prepared-transaction/of somebody',
    'shop/inherited-prepared-transaction/rolled back meanwhile',
    'shop/inherited-prepared-transaction/still open',
    expect.stringMatching(/^inherited-slot\//),
    expect.stringMatching(/^inherited-slot\//),
    expect.stringMatching(/^inherited-slot\//),
    expect.stringMatching(/^inherited-slot\//),
    'inherited-origin/pg_12000',
    'shop/inherited-trigger/"public"."orders"."totals"',
    'shop/inherited-trigger/"public"."parts_1"."totals"',
    'shop/inherited-publication/acas_other_shop',
    'shop/inherited-publication/cdc_all',
    ...(asSuperuser ? ['shop/inherited-publication/of_the_service'] : []),
    'shop/inherited-index/"public"."failed"',
  ]);
  expect(codes(proposal)).toEqual([
    ...(asSuperuser ? [] : ['warn EVENT_TRIGGER_LEFT']),
    'warn EVENT_TRIGGER_LEFT',
    'warn INHERITED_SUBSCRIPTION_ENABLED',
    'warn CRON_JOB_LEFT',
    ...(asSuperuser ? [] : ['warn CRON_JOBS_HIDDEN']),
    'warn PREPARED_TRANSACTION_LEFT',
    'warn PREPARED_TRANSACTION_LEFT',
    'info ORIGINS_LEFT',
    'warn TRIGGERS_FIRE_ON_APPLY',
    ...(asSuperuser ? [] : ['warn INHERITED_PUBLICATION_KEPT']),
    'info FOREIGN_SERVERS_LEFT',
  ]);
  // The event trigger writes a row for every statement that alters something.
  const logged = await one<number>(made, 'SELECT count(*)::int AS value FROM ddl_log');
  await carryOutAll(proposal);
  expect((await plan()).changes).toEqual([]);
  await made.query(update);
  const left = `SELECT string_agg(pubname, ' ' ORDER BY pubname) AS value FROM pg_publication`;
  expect(await one(made, left)).toBe(`acas_demo_shop made_on_clone${asSuperuser ? '' : ' of_the_service'}`);
  // The source's is valid by now: it is for doctor to say when the clone's can be finished.
  const half = `SELECT c.relname AS value FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE NOT indisvalid`;
  expect(await one(made, half)).toBe('at work');
  expect([logged > 0, await one<number>(made, 'SELECT count(*)::int AS value FROM ddl_log')]).toEqual([true, logged]);
});

const STATEFUL = ['EVENT_TRIGGER_LEFT', 'TRIGGERS_FIRE_ON_APPLY', 'CRON_JOB_LEFT'];
const HOLDING = ['PREPARED_TRANSACTION_LEFT', 'ORIGINS_LEFT'];
test.each([...STATEFUL, ...HOLDING])('%s: what is printed ends what was made on the clone', async (code) => {
  // That of the service itself only its owner may disable.
  const find = async (): Promise<Printed[]> =>
    (await plan()).findings.filter((finding) => finding.code === code && !finding.seen.includes('of_the_service'));
  const left = await find();
  expect(left.length).toBeGreaterThan(0);
  for (const finding of left) {
    const [, database] = /in database (\S+) on the clone: /.exec(finding.next)!;
    await carryOut(finding, await pair.onClone(database!), code);
  }
  expect(await find()).toEqual([]);
});

test("production's own subscriptions and slots have not noticed", async () => {
  const feed = await source.connect('feed');
  await feed.query('INSERT INTO live VALUES (2)');
  await eventually(async () => one<boolean>(shop, 'SELECT count(*) = 1 AS value FROM live WHERE id = 2'));
  const slots = `SELECT array_agg(regexp_replace(slot_name, '[0-9]+', 'N', 'g') ORDER BY slot_name) AS value FROM pg_replication_slots`;
  expect(await one(shop, slots)).toEqual(['acas_demo_shop', 'halfway', 'live', 'pg_N_sync_N_N']);
  expect(await one(shop, 'SELECT count(*)::int AS value FROM pg_publication')).toBe(4);
  expect(await one(shop, `SELECT count(*)::int AS value FROM pg_prepared_xacts`)).toBe(3);
  expect(await one(shop, `SELECT count(*)::int AS value FROM pg_trigger WHERE tgenabled IN ('A', 'R')`)).toBe(2);
});

test('fenced, the clone follows every kind of change, each once, and refuses everybody else', async () => {
  const mark = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: seed, secretVersion: 'v' } as const;
  const { target } = await observe();
  await carryOutAll(
    createSubscription(of, mark, target.server.versionNum, []),
    planReadOnlyFence(contract, target, of, mark),
    advanceOrigin(of, seed),
    enableSubscription(of, 'test', []),
  );
  for (const sql of CHANGES) await shop.query(sql);
  const end = await one<string>(shop, 'SELECT pg_current_wal_lsn()::text AS value');
  await eventually(() =>
    one<boolean>(
      shop,
      `SELECT confirmed_flush_lsn >= '${end}' AS value FROM pg_replication_slots WHERE slot_name = 'acas_demo_shop'`,
    ),
  );
  const copy = await pair.onClone('shop');
  for (const table of ['orders', 'totals', 'parts', 'emptied']) {
    const digest = `SELECT count(*) || ' ' || coalesce(string_agg(t::text, ',' ORDER BY t::text), '') AS value FROM ${table} t`;
    expect(await one(copy, digest)).toBe(await one(shop, digest));
  }
  expect(
    await one(copy, 'SELECT string_agg(note, $$,$$ ORDER BY id) AS value FROM orders WHERE id BETWEEN 1 AND 3'),
  ).toBe('open,committed,new');
  await expect(copy.query('INSERT INTO orders VALUES (-1)')).rejects.toThrow('read-only transaction');
  await expect(copy.query('CREATE TABLE more ()')).rejects.toThrow('read-only transaction');
});

test('without the fence in the environment, or at teardown, the fence goes, and only ours', async () => {
  const fenced = async () => {
    const session = await pair.connections.reader(at('target', 'shop'));
    const sql = `SELECT FROM pg_db_role_setting WHERE array_to_string(setconfig, ',') ~ 'read_only'`;
    return (await session.query(sql)).length;
  };
  const now = async (): Promise<TargetObservation> => {
    const { target } = await observe();
    const subscription = target.subscriptions.find(({ name }) => name === of.stream.subscription)!;
    const streams = { [of.stream.subscription]: { subscription, originProgress: seed } };
    return { ...target, databases: { shop: { exists: true, publications: [], writtenTables: [], streams } } };
  };
  type Marked = Parameters<typeof planReadOnlyFence>[3];
  const marked = async () => JSON.parse((await now()).subscriptions[0]!.comment!.replace(/^\S+ /, '')) as Marked;
  expect([await fenced(), (await marked()).fence]).toEqual([1, true]);
  await carryOutAll(planReadOnlyFence(contract, { ...(await now()), fence: false }, of, await marked()));
  expect([await fenced(), (await marked()).fence]).toEqual([0, undefined]);
  await carryOutAll(planReadOnlyFence(contract, await now(), of, await marked()));
  await carryOutAll(planSubscriptionDrop(contract, await now(), of));
  expect(await fenced()).toBe(0);
});
