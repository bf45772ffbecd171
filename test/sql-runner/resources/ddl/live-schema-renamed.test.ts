import type { Client } from 'pg';
import { wayOut } from '../../../../sql-runner/checks/stream-ways-out';
import { streamsOf } from '../../../../sql-runner/model/streams';
import { eventually } from '../../../support/eventually';
import { sourceContract } from '../../support/contract';
import { DdlPair } from './ddl-pair';

/**
 * ALTER SCHEMA … RENAME waits for nobody who uses a table of it. Whoever has written to one before, and commits after, is sent
 * under the name that it had then, and the clone has the new one already.
 */

let on: DdlPair;
let other: Client;
beforeAll(async () => {
  on = await DdlPair.start('CREATE TABLE orders (id int PRIMARY KEY)');
  await on.carryOut(await on.plan('apply'));
  other = await on.pair.test.connect('shop');
});
afterAll(() => on.stop());

const ordersOf = async (client: Client): Promise<number[]> => {
  const { rows } = await client.query<{ id: number }>(`SELECT id FROM "it's new".orders ORDER BY id`);
  return rows.map(({ id }) => id);
};
const has = (id: number, schema: string) =>
  eventually(async () => {
    const { rowCount } = await on.pair.clone.query(`SELECT FROM "${schema}".orders WHERE id = ${id}`);
    return rowCount === 1;
  });

test('an open transaction stops the stream behind it, and what is told of the old name takes it on', async () => {
  const { source, clone } = on.pair;
  await other.query('BEGIN');
  await other.query('INSERT INTO public.orders VALUES (1)');
  expect(await on.followed(`ALTER SCHEMA public RENAME TO "it's new"`)).toEqual(['ALTER SCHEMA applied']);
  await other.query('COMMIT');
  await source.query(`INSERT INTO "it's new".orders VALUES (3)`);
  await on.pair.says(/target relation "public\.orders" does not exist/);

  const contract = sourceContract(['shop']);
  const cause = { kind: 'table missing', table: { schema: 'public', name: 'orders' }, unpublished: true, among: [] };
  const { words } = wayOut(cause as never, contract, streamsOf(contract)[0]!)!;
  const [, make, move] = /where it was its schema that was renamed, (CREATE SCHEMA \S+), then (ALTER TABLE .*?)\)/.exec(
    words,
  )!;
  await clone.query(make!);
  await clone.query(move!.replace('...', `"it's new".orders`));
  await has(1, 'public');
  // The source goes on to send it under that name, until the worker has begun anew.
  await clone.query(`ALTER TABLE public.orders SET SCHEMA "it's new"`);
  await source.query(`INSERT INTO "it's new".orders VALUES (4)`);
  await has(4, "it's new");
  expect(await ordersOf(clone)).toEqual(await ordersOf(source));
});
