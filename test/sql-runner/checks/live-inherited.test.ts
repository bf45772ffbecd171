import { NOTHING_INHERITABLE } from '../../../sql-runner/model/inheritable';
import { execute } from '../../../sql-runner/execute/execute';
import { observeInheritable } from '../../../sql-runner/observe/observe-inheritable';
import { replicationSlots } from '../../../sql-runner/postgres/catalog/slots';
import { planInheritedIndexes } from '../../../sql-runner/resources/fresh-clone/inherited-indexes';
import { planInheritedPublications } from '../../../sql-runner/resources/fresh-clone/inherited-publications';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { ConnectedPair, PAIR_PARAMETERS } from '../support/connected-pair';
import { cloned } from '../support/observations';
import { carryOut, printedSetting } from './printed-fix';

/** What is left on a clone that was connected before anybody looked for it, and timeouts that let a stream die unseen. */
const SETUP = `
  ALTER ROLE acas_demo PASSWORD 'of the test'; CREATE ROLE archive; GRANT archive TO master;
  CREATE TABLE orders (id int PRIMARY KEY, note text); INSERT INTO orders VALUES (1, 'a'), (2, 'a');
  CREATE INDEX finished ON orders (note); CREATE INDEX given_up ON orders (id, note);
  CREATE SCHEMA side; CREATE TABLE side.notes (v text); INSERT INTO side.notes VALUES ('x'), ('x');
  CREATE TABLE side.parts (id int) PARTITION BY LIST (id); CREATE TABLE side.part PARTITION OF side.parts DEFAULT;
  CREATE INDEX whole ON ONLY side.parts (id);
  CREATE PUBLICATION "Feed" FOR TABLE side.notes;
  COMMENT ON PUBLICATION "Feed" IS 'aurora-cross-account-sync {"kind":"publication","environment":"other","slot":"x"}';`;

let world: ConnectedPair;
beforeAll(async () => {
  world = await ConnectedPair.start(SETUP, PAIR_PARAMETERS);
  await world.follow();
});
afterAll(() => world?.stop());

const HALF = `UPDATE pg_index SET indisvalid = false, indisready = `;

test('INHERITED_PUBLICATION_LEFT: a copy that refuses UPDATE on the clone, and not what was made there', async () => {
  await world.clone.query('CREATE PUBLICATION made_here FOR TABLE orders');
  const [finding, ...others] = await world.findings('INHERITED_PUBLICATION_LEFT');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: 'warn', seen: expect.stringContaining('publication Feed') });
  const update = `UPDATE side.notes SET v = 'y'`;
  await expect(world.clone.query(update)).rejects.toThrow('does not have a replica identity');
  await carryOut(finding!, world.clone, 'INHERITED_PUBLICATION_LEFT');
  await world.clone.query(update);
  expect(await world.findings('INHERITED_PUBLICATION_LEFT')).toEqual([]);
  await world.source.query('INSERT INTO orders VALUES (3, $$c$$)');
  await world.arrives('SELECT id FROM orders ORDER BY 1', [[1], [2], [3]]);
});

test('INHERITED_PUBLICATION_KEPT: somebody may read it by a slot that was made on the clone', async () => {
  const read = async (side: 'source' | 'target') => {
    const reading = world.pair.connections.reading();
    const [inheritable, slots] = [
      await observeInheritable(reading, side, new Set(['shop']), ['acas_demo_shop']),
      await reading.ask({ side, database: 'shop' }, replicationSlots),
    ];
    return { inheritable, slots };
  };
  // As before it was dropped.
  const { inheritable } = await read('source');
  await world.clone.query(`SELECT pg_create_logical_replication_slot('lake', 'pgoutput')`);
  const { slots } = await read('target');
  const target = { ...cloned(world.contract).target!, slots, inheritable, seedLsn: '0/1' };
  const plan = planInheritedPublications(world.contract, inheritable, target);
  expect(plan).toMatchObject({
    changes: [],
    findings: [{ code: 'INHERITED_PUBLICATION_KEPT', seen: expect.stringContaining('slot lake') }],
  });
  await world.clone.query(`SELECT pg_drop_replication_slot('lake'); CREATE PUBLICATION "Feed" FOR TABLE side.notes`);
  await carryOut(plan.findings[0]!, world.clone, 'INHERITED_PUBLICATION_KEPT');
});

test('INDEX_HALF_BUILT: dropped, or finished once the source has finished its own; unfinished roots are none', async () => {
  await world.cloneAdmin.query(`${HALF} true WHERE indexrelid IN ('finished'::regclass, 'given_up'::regclass)`);
  const admin = await world.test.cluster.adminClient('shop');
  await admin.query(`${HALF} false WHERE indexrelid = 'given_up'::regclass`);
  await admin.end();
  await expect(world.clone.query('CREATE UNIQUE INDEX CONCURRENTLY "My own" ON side.notes ((1))')).rejects.toThrow(
    'could not create',
  );
  const found = await world.findings('INDEX_HALF_BUILT');
  expect(found.map(({ seen }) => /index (.+) of table .*; (.*)/.exec(seen)!.slice(1))).toEqual([
    ['public.finished', 'that of the source has been finished since the clone was taken'],
    ['public.given_up', 'that of the source is not valid either'],
    ['side."My own"', 'the source has not the same one'],
  ]);
  for (const finding of found) await carryOut(finding, world.clone, 'INDEX_HALF_BUILT');
  expect(await world.findings('INDEX_HALF_BUILT')).toEqual([]);
  const { rows } = await world.clone.query(
    `SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE relname IN ('finished', 'given_up', 'My own') AND indisvalid`,
  );
  expect(rows).toEqual([{ relname: 'finished' }]);
});

test('an index that is being built is none', async () => {
  const [reader, builder] = [await world.pair.onClone('shop'), await world.pair.onClone('shop')];
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM orders');
  const build = builder.query('CREATE INDEX CONCURRENTLY at_work ON side.notes (v)');
  await eventually(async () => {
    const { rows } = await world.clone.query(`SELECT FROM pg_class WHERE relname = 'at_work'`);
    return rows.length === 1;
  });
  expect(await world.findings('INDEX_HALF_BUILT')).toEqual([]);
  await reader.query('COMMIT');
  await build;
});

test('INDEX_NOT_HALF_BUILT: one that was finished after the plan is not dropped', async () => {
  const { rows } = await world.clone.query<{ oid: number }>(`SELECT 'finished'::regclass::oid::int AS oid`);
  const index = {
    database: 'shop',
    oid: rows[0]!.oid,
    schema: 'public',
    name: 'finished',
    table: { schema: 'public', name: 'orders' },
    unique: false,
    ready: true,
    attached: false,
    building: false,
    owner: 'master',
    mayDrop: true,
  };
  const before = { ...NOTHING_INHERITABLE, invalidIndexes: [index] };
  const [drop] = planInheritedIndexes(before, before, new Set(['shop'])).changes;
  await expect(execute(drop!, world.pair.execution)).rejects.toMatchObject({ code: 'INDEX_NOT_HALF_BUILT' });
});

test('SENDER_WAITS_FOREVER: wherever it is set, the role of ours has its own after the fix', async () => {
  expect(await world.findings('SENDER_WAITS_FOREVER')).toEqual([]);
  await world.source.query('ALTER DATABASE shop SET wal_sender_timeout = 0');
  const [finding] = await world.findings('SENDER_WAITS_FOREVER');
  await carryOut(finding!, world.source, 'SENDER_WAITS_FOREVER');
  expect(await world.findings('SENDER_WAITS_FOREVER')).toEqual([]);
  const client = await world.test.cluster.connect({ user: 'acas_demo', password: 'of the test', database: 'shop' });
  const { rows } = await client.query('SHOW wal_sender_timeout');
  await client.end();
  expect(rows).toEqual([{ wal_sender_timeout: '1min' }]);
  // The worker whose walsender was ended comes back.
  await world.streams();
});

test('RECEIVER_WAITS_FOREVER and SLOT_IDLE_LIMITED: the printed values', async () => {
  const clone = async (timeout: string) =>
    world.pair.clone.setParameters({ ...PAIR_PARAMETERS, wal_receiver_timeout: timeout });
  const seen = (code: string, found: boolean) =>
    eventually(async () => (await world.findings(code)).length > 0 === found);
  await clone('0');
  await seen('RECEIVER_WAITS_FOREVER', true);
  await clone(printedSetting((await world.findings('RECEIVER_WAITS_FOREVER'))[0]!, 'RECEIVER_WAITS_FOREVER').value);
  await seen('RECEIVER_WAITS_FOREVER', false);
  if (!from(18)) return expect(await world.findings('SLOT_IDLE_LIMITED')).toEqual([]);
  const source = async (timeout: string) =>
    world.test.cluster.setParameters({ ...PAIR_PARAMETERS, idle_replication_slot_timeout: timeout });
  await source('1d');
  await seen('SLOT_IDLE_LIMITED', true);
  await source(printedSetting((await world.findings('SLOT_IDLE_LIMITED'))[0]!, 'SLOT_IDLE_LIMITED').value);
  await seen('SLOT_IDLE_LIMITED', false);
});
