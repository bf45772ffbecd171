import type { OperatorError } from '../../errors/operator-error';
import type { EngineEvent } from '../../sql-runner/model/events';
import { DirectLab } from './support/direct-lab';
import { execute } from './support/provocations';

/** Between the plan and what it publishes anybody may drop a key; production must be refused nothing because of that. */

let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('key-lost');
  await onSource(
    'CREATE TABLE orders (id bigint PRIMARY KEY, note text)',
    'CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY RANGE (id)',
    'CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)',
    `INSERT INTO orders VALUES (1, 'a')`,
    'INSERT INTO parts VALUES (1)',
  );
  await execute(await world.source('ledger'), [
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE accounts (id bigint PRIMARY KEY)',
  ]);
  await execute(await world.source('ledger'), ['CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)']);
  // Its restart would end the migrations below.
  await world.runAndDie('apply', 2);
});
afterAll(() => world?.lab.down());

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);

/** Applies, and a migration comes between the plan and its first change. */
const applyAfter = (statement: string): Promise<unknown> =>
  world.run('apply', { confirm: async () => (await onSource(statement), true) }).catch((error: unknown) => error);

/** Applies while a migration is under way, which ends once the publication waits for the table that it has locked. */
async function applyWhile(...statements: string[]): Promise<unknown> {
  const migration = await world.source('shop');
  for (const statement of ['BEGIN', ...statements]) await migration.query(statement);
  let ended: Promise<unknown> | null = null;
  const listener = (event: EngineEvent): void => {
    if (event.type === 'change-started' && event.change.id === 'source/shop/publication/acas_demo_shop')
      ended = migration.query('COMMIT');
  };
  const outcome = await world.run('apply', { listener }).catch((error: unknown) => error);
  expect({ outcome, ended }).toMatchObject({ ended: expect.any(Promise) as unknown });
  await (ended as Promise<unknown> | null);
  await migration.end();
  return outcome;
}

const published = () => onSource('SELECT pubname FROM pg_publication');

test.each([
  ['a key is dropped', 'ALTER TABLE orders DROP CONSTRAINT orders_pkey', 'public.orders', applyWhile],
  ['an identity is taken away', 'ALTER TABLE orders REPLICA IDENTITY NOTHING', 'public.orders', applyWhile],
  // Nothing locks a partition: it is taken away before the publication is made.
  ['that of a partition', 'ALTER TABLE parts_1 REPLICA IDENTITY NOTHING', 'public.parts_1', applyAfter],
])('%s before it is published: nothing is published, and production writes on', async (_, statement, table, apply) => {
  const error = (await apply(statement)) as OperatorError;
  expect({ code: error.code, seen: error.seen }).toEqual({
    code: 'REPLICA_IDENTITY_MISSING',
    seen: expect.stringContaining(`(tables = ${table})`),
  });
  expect(await published()).toEqual([]);
  await onSource('UPDATE orders SET note = note', 'DELETE FROM parts WHERE id = 7');
  const blocked = (await world.plan()).findings.filter(({ severity }) => severity === 'block');
  expect(blocked.map(({ code }) => code)).toEqual(['REPLICA_IDENTITY_MISSING']);
  await onSource(
    'ALTER TABLE orders DROP CONSTRAINT IF EXISTS orders_pkey, ADD PRIMARY KEY (id), REPLICA IDENTITY DEFAULT',
    'ALTER TABLE parts_1 REPLICA IDENTITY DEFAULT',
  );
});

test('with its keys it is published', async () => {
  await world.run('apply');
  expect(await published()).toEqual([{ pubname: 'acas_demo_shop' }]);
});
