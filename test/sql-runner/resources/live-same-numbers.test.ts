import type { Client } from 'pg';
import type { PublicationFacts } from '../../../sql-runner/model/observation';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import { alteredSince } from '../../../sql-runner/resources/publication-rows';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { at, cloneOf, type ClonePair } from '../support/clone-pair';

/**
 * A clone counts its transactions on from its source's last one, so that both sides may write a row of the catalog in
 * transactions of the same number: the rows are equal then, to the bit.
 */
const PARAMETERS = { wal_level: 'logical', autovacuum: 'off' };

let source: TestCluster;
let admin: Client;
let pair: ClonePair;
let onClone: Client;
beforeAll(async () => {
  source = await startTestCluster({ parameters: PARAMETERS });
  admin = await source.cluster.adminClient('shop');
  source.onStop(() => admin.end());
  await admin.query(`CREATE TYPE tier AS ENUM ('low', 'high'); CREATE SCHEMA sales;
    CREATE TABLE orders (id int PRIMARY KEY, tier tier); CREATE TABLE whole (note text);
    CREATE TABLE sales.days (day date PRIMARY KEY) PARTITION BY RANGE (day);
    CREATE TABLE sales.june PARTITION OF sales.days FOR VALUES FROM ('2026-06-01') TO ('2026-07-01');
    CREATE TABLE sales.bills (id int PRIMARY KEY);
    ALTER TABLE whole REPLICA IDENTITY FULL; INSERT INTO whole VALUES ('old');
    CREATE PUBLICATION changes FOR TABLE orders, whole, sales.days, sales.bills;
    COMMENT ON PUBLICATION changes IS 'marked'`);
  pair = await cloneOf(source, PARAMETERS);
  onClone = await pair.clone.adminClient('shop');
  source.onStop(() => onClone.end());
  await onClone.query(
    `CREATE SUBSCRIPTION changes CONNECTION 'host=localhost password=unused dbname=shop' PUBLICATION changes WITH (connect = false)`,
  );
});
afterAll(() => source?.stop());

const SIDES = ['source', 'target'] as const;

async function told(): Promise<string[]> {
  const [now, then] = await Promise.all(
    SIDES.map(async (side) => {
      const [one] = await publications(await pair.connections.reader(at(side, 'shop')));
      return { rows: one!.rows } as PublicationFacts;
    }),
  );
  return alteredSince(now!, then!);
}

/** One statement a transaction, each in a transaction of the same number on both sides. */
async function onBothInOneNumber(statements: readonly string[]): Promise<void> {
  const both = [admin, onClone];
  const next = async (client: Client): Promise<number> => {
    const { rows } = await client.query<{ next: string }>('SELECT txid_snapshot_xmax(txid_current_snapshot()) AS next');
    return Number(rows[0]!.next);
  };
  const numbers = await Promise.all(both.map(next));
  const goal = Math.max(...numbers);
  for (const [i, client] of both.entries())
    for (let number = numbers[i]!; number < goal; number += 1) await client.query('SELECT txid_current()');
  for (const client of both) for (const statement of statements) await client.query(statement);
  expect(await next(admin)).toBe(await next(onClone));
}

const ALIKE: [what: string, statements: readonly string[], told: string][] = [
  ['a table', ['ALTER TABLE orders RENAME TO o', 'ALTER TABLE o RENAME TO orders'], 'public.orders (renamed, moved'],
  ['a schema', ['ALTER SCHEMA sales RENAME TO s', 'ALTER SCHEMA s RENAME TO sales'], 'schema sales (renamed'],
  [
    'a label',
    [`ALTER TYPE tier RENAME VALUE 'low' TO 'l'`, `ALTER TYPE tier RENAME VALUE 'l' TO 'low'`],
    'type public.tier (labels renamed',
  ],
  [
    'a partition that went and came',
    [
      'ALTER TABLE sales.days DETACH PARTITION sales.june',
      `ALTER TABLE sales.days ATTACH PARTITION sales.june FOR VALUES FROM ('2026-06-01') TO ('2026-07-01')`,
    ],
    'sales.june (attached)',
  ],
  [
    'a column that old rows have beside them',
    [`ALTER TABLE whole ADD COLUMN more text DEFAULT 'x'`],
    'public.whole (whole rows identify it',
  ],
];

test('nothing is told of a clone that nobody touched, whatever its subscription wrote', async () => {
  await onClone.query('ALTER SUBSCRIPTION changes SET (slot_name = NONE)');
  expect(await told()).toEqual([]);
});

test.each(ALIKE)('%s altered on both sides in transactions of one number is told', async (_, statements, what) => {
  const before = await told();
  await onBothInOneNumber(statements);
  const after = (await told()).filter((one) => !before.includes(one));
  expect(after.some((one) => one.startsWith(what))).toBe(true);
});
