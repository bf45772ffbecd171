import { isFollowing, type StreamStatus } from '../../sql-runner/actions/status';
import { connectBy } from '../../lab/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { eventually } from '../support/eventually';
import { applyOf, doubtedIn, IN_SYNC, quietIn, saysEqual } from './support/continuity-said';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { looksOf, statusOf } from './support/looks';
import { execute } from './support/provocations';

/** What is defined otherwise than on the other side, for a while or for good: status says it as soon as plan does. */

const stage = stagesInOrder();
let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('definitions', { databases: ['shop'] });
  await onSource(
    `CREATE TYPE tier AS ENUM ('basic', 'plus')`,
    'CREATE TABLE customers (id int PRIMARY KEY, tier tier)',
    'CREATE TABLE products (id int PRIMARY KEY, sku text NOT NULL UNIQUE, price int)',
    'CREATE TABLE reviews (id int PRIMARY KEY, body text)',
    `INSERT INTO products VALUES (1, 'a', 1)`,
    `INSERT INTO reviews SELECT g, 'old' FROM generate_series(1, 3) g`,
  );
  await world.run('apply');
  await world.deployTarget();
  await execute(await connectBy((database) => world.lab.adminConnection('clone', database))('shop'), [
    `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`,
    'SELECT pg_reload_conf()',
  ]);
  await world.run('apply');
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
const caughtUp = () => waitUntilCaughtUp(world.source, ['acas_demo_shop']);
const EXCHANGE = [
  `ALTER TYPE tier RENAME VALUE 'basic' TO 'aside'`,
  `ALTER TYPE tier RENAME VALUE 'plus' TO 'basic'`,
  `ALTER TYPE tier RENAME VALUE 'aside' TO 'plus'`,
];

/** What plan refuses of a stream that still follows, status names as well, and is not healthy. */
async function expectTold(code: string): Promise<void> {
  const { plan, status } = await looksOf(world);
  expect(plan.findings.filter(({ severity }) => severity === 'block').map((one) => one.code)).toContain(code);
  expect([status.streams[0]!.problems.map((one) => one.code), isFollowing(status)]).toEqual([
    expect.arrayContaining([code]),
    false,
  ]);
}

stage('labels that are added raise no doubt', async () => {
  await onClone(`ALTER TYPE tier ADD VALUE 'gold'`);
  await onSource(`ALTER TYPE tier ADD VALUE 'gold'`, `INSERT INTO customers VALUES (1, 'gold')`);
  await quietIn(world);
});

for (const [side, on] of [
  ['source', onSource],
  ['clone', onClone],
] as const) {
  const id = side === 'source' ? 10 : 20;
  stage(`labels that exchanged their names on the ${side}, and have them back`, async () => {
    await on(...EXCHANGE);
    await onSource(`INSERT INTO customers VALUES (${id}, 'basic')`);
    await caughtUp();
    await expectTold('ENUM_LABELS_EXCHANGED');
    await on(...EXCHANGE);
    const read = `SELECT tier FROM customers WHERE id = ${id}`;
    expect(await onSource(read)).not.toEqual(await onClone(read));
    expect(await doubtedIn(world, 'CONTINUITY_NOT_PROVEN')).toEqual(['shop']);
    expect([await applyOf(world), await saysEqual(world)]).toEqual([{ code: 'STREAM_BROKEN', inSync: false }, false]);
    await onSource(`UPDATE customers SET tier = 'plus' WHERE id = ${id}`);
    await caughtUp();
    expect(await applyOf(world)).toEqual(IN_SYNC);
    await quietIn(world);
  });
}

stage('rows that are identified by other columns are told before one stops the stream', async () => {
  await onSource('ALTER TABLE products REPLICA IDENTITY USING INDEX products_sku_key');
  await expectTold('KEY_DIFFERS');
  await onSource('ALTER TABLE products REPLICA IDENTITY DEFAULT');
  await quietIn(world);
});

stage('a column of one side, and what the clone alone refuses', async () => {
  await onSource('ALTER TABLE products ADD COLUMN colour text');
  await expectTold('COLUMNS_DIFFER');
  await onSource('ALTER TABLE products DROP COLUMN colour');
  await quietIn(world);
  await onClone('ALTER TABLE products ADD CONSTRAINT cheap CHECK (price < 100)');
  await expectTold('CONSTRAINT_ONLY_ON_CLONE');
  await onClone('ALTER TABLE products DROP CONSTRAINT cheap');
  await quietIn(world);
});

stage('a definition that somebody keeps readers from is said not to have been looked at', async () => {
  await onClone('ALTER TABLE products ADD CONSTRAINT cheap CHECK (price < 100)');
  const holder = await world.source('shop');
  await holder.query('BEGIN; LOCK TABLE products');
  const { unlooked } = await statusOf(world);
  await holder.query('ROLLBACK').finally(() => holder.end());
  expect(unlooked).toEqual([
    expect.stringMatching(/^how table public\.products in database shop is defined on the source/),
  ]);
  await onClone('ALTER TABLE products DROP CONSTRAINT cheap');
});

stage('a table that took the place of another one: that is the cause, and nothing is to be deleted', async () => {
  await onSource(
    'ALTER TABLE reviews RENAME TO reviews_old',
    'CREATE TABLE reviews (id int PRIMARY KEY, body text)',
    'ALTER PUBLICATION acas_demo_shop DROP TABLE reviews_old',
    'ALTER PUBLICATION acas_demo_shop ADD TABLE reviews',
    `INSERT INTO reviews VALUES (1, 'new')`,
  );
  const told = await eventually(async () => {
    const { plan, status } = await looksOf(world);
    const stream: StreamStatus = status.streams[0]!;
    const failing = [...stream.problems, ...plan.findings].filter(({ code }) => code === 'APPLY_WORKER_FAILING');
    return (
      failing.length === 2 && failing.every(({ seen }) => seen.includes('row of the same key')) && { stream, failing }
    );
  });
  expect(told.stream.problems[0]).toMatchObject({ code: 'TABLE_SWAPPED', next: expect.stringContaining('reset demo') });
  expect(told.stream.next).toContain('sql-runner reset demo');
  for (const { next } of told.failing) {
    expect(next).toContain("may be production's: table public.reviews in database shop is another one on the source");
    expect(next).not.toContain('DELETE');
  }
  expect(await onSource('SELECT FROM reviews_old')).toHaveLength(3);
});
