import { randomUUID } from 'node:crypto';
import { type Operation, ordinaryKey } from './operation';
import { RollbackWanted } from './transaction';

const sku = (n: number): string => `SKU-${String(n).padStart(6, '0')}`;

/** What the shop's writers do with orders and customers. */
export const shopOperations: Operation[] = [
  {
    name: 'place an order over three tables',
    async run(tx, random, keys) {
      const order = await tx.change<{ id: string }>(
        "INSERT INTO orders (customer_id, placed_at, note) VALUES ($1, clock_timestamp(), 'writer') RETURNING id",
        [ordinaryKey(random, keys.customers)],
      );
      const article = sku(ordinaryKey(random, 200));
      for (let line = 1; line <= random.int(1, 5); line++) {
        await tx.change(
          `INSERT INTO "Order Items" ("Order Id", "Line No", "Sku", "Quantity", "Unit Price") VALUES ($1, $2, $3, $4, $5)`,
          [order.rows[0]?.id, line, article, random.int(1, 9), random.int(1, 99999) / 100],
        );
      }
      await tx.change('UPDATE inventory SET on_hand = on_hand - 1 WHERE warehouse = $1 AND sku = $2', [
        random.int(1, 3),
        article,
      ]);
    },
  },
  {
    name: 'move orders on, many rows at once',
    async run(tx, random, keys) {
      const first = ordinaryKey(random, keys.orders);
      await tx.change(`UPDATE orders SET status = $3, note = coalesce(note, '') || '.' WHERE id BETWEEN $1 AND $2`, [
        first,
        first + random.int(0, 40),
        random.pick(['paid', 'in transit', 'delivered', 'returned']),
      ]);
    },
  },
  {
    name: 'delete an order and its items',
    async run(tx, random, keys) {
      const id = ordinaryKey(random, keys.orders);
      // The order first, or a second writer could add to it between the two statements.
      await tx.query('SELECT FROM orders WHERE id = $1 FOR UPDATE', [id]);
      await tx.change('DELETE FROM "Order Items" WHERE "Order Id" = $1', [id]);
      await tx.change('DELETE FROM orders WHERE id = $1', [id]);
    },
  },
  {
    name: 'change a customer: enum, jsonb, array',
    async run(tx, random, keys) {
      await tx.change(
        `UPDATE customers SET tier = $2, tags = tags || $3::text, preferences = jsonb_set(preferences, '{visits}', $4)
         WHERE id = $1`,
        [
          ordinaryKey(random, keys.customers),
          random.pick(['basic', 'plus', 'gold']),
          `t${random.int(1, 9)}`,
          `${random.int(1, 1e6)}`,
        ],
      );
    },
  },
  {
    name: 'sign up in savepoints',
    async run(tx, random) {
      const email = `Writer.${randomUUID()}@Example.com`;
      await tx.inSavepointTakenBack(async () => {
        await tx.change("INSERT INTO reviews (sku, rating, body) VALUES ($1, 1, 'taken back')", [sku(1)]);
      });
      await tx.inSavepointKept(async () => {
        await tx.change('INSERT INTO customers (name, email, signed_up) VALUES ($1, $2, clock_timestamp())', [
          'Żółć',
          email,
        ]);
      });
      await tx.change('INSERT INTO reviews (sku, rating, body) VALUES ($1, $2, $3)', [
        sku(random.int(1, 200)),
        random.int(1, 5),
        `Kept 👍 ${email}`,
      ]);
    },
  },
  {
    name: 'think better of it',
    async run(tx, random, keys) {
      await tx.change("UPDATE orders SET note = 'never seen' WHERE id = $1", [ordinaryKey(random, keys.orders)]);
      await tx.change('DELETE FROM page_views WHERE visitor = md5($1)::uuid', [
        `visitor ${ordinaryKey(random, keys.visitors)}`,
      ]);
      throw new RollbackWanted();
    },
  },
];
