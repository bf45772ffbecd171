import { randomUUID } from 'node:crypto';
import { type Operation, ordinaryKey } from './operation';

/** The shop's harder cases for replication: TOAST, keys that change, partitions, a table without a key. */
export const shopStorageOperations: Operation[] = [
  {
    name: 'count views of a picture, its TOASTed bytes unchanged',
    async run(tx, random) {
      await tx.change('UPDATE product_images SET views = views + 1 WHERE id = md5($1)::uuid', [
        `image ${random.int(1, 300)}`,
      ]);
    },
  },
  {
    name: 'replace a picture',
    async run(tx, random) {
      await tx.change(
        'UPDATE product_images SET content = $2, checksum = sha256($2), caption = $3 WHERE id = md5($1)::uuid',
        [`image ${random.int(1, 300)}`, random.bytes(random.int(4000, 24000)), 'Neu – 新しい'],
      );
    },
  },
  {
    name: 'give a coupon another primary key',
    async run(tx, random) {
      const code = `${randomUUID()}-ç`;
      await tx.change(
        'INSERT INTO coupons (code, percent, valid) VALUES ($1, $2, tstzrange(clock_timestamp(), NULL))',
        [code, random.int(1, 400) / 10],
      );
      await tx.change("UPDATE coupons SET code = code || '-2', uses = uses + 1 WHERE code = $1", [code]);
      await tx.change("UPDATE coupons SET code = code || '+' WHERE code LIKE $1 AND length(code) < 40", [
        `WELCOME-${random.int(1, 999)}%`,
      ]);
    },
  },
  {
    name: 'move an event to another partition',
    async run(tx, random, keys) {
      await tx.change("UPDATE events SET occurred_at = occurred_at + $2 * interval '1 day' WHERE id = $1", [
        ordinaryKey(random, keys.events),
        random.int(-40, 40),
      ]);
    },
  },
  {
    name: 'record events and forget old ones',
    async run(tx, random, keys) {
      await tx.change(
        `INSERT INTO events (occurred_at, kind, payload)
         SELECT timestamptz '2026-01-15 00:00:00+00' + n * interval '20 days', 'recorded', jsonb_build_object('n', n)
         FROM generate_series(1, $1::int) AS n`,
        [random.int(1, 6)],
      );
      await tx.change('DELETE FROM events WHERE id = $1', [ordinaryKey(random, keys.events)]);
    },
  },
  {
    name: 'write page views, duplicates among them',
    async run(tx, random, keys) {
      const visitor = `visitor ${ordinaryKey(random, keys.visitors)}`;
      await tx.change(
        `INSERT INTO page_views SELECT md5($1)::uuid, '/p/1', 5, date '2026-04-01' FROM generate_series(1, 2)`,
        [visitor],
      );
      await tx.change(
        "UPDATE page_views SET seconds = coalesce(seconds, 0) + 1 WHERE visitor = md5($1)::uuid AND page = '/p/2'",
        [visitor],
      );
      await tx.change('DELETE FROM page_views WHERE visitor = md5($1)::uuid', [
        `visitor ${ordinaryKey(random, keys.visitors)}`,
      ]);
    },
  },
];
