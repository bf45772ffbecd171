import fc from 'fast-check';
import type { Client } from 'pg';
import { contentsOf, groupsOf, windowSpan } from '../../../sql-runner/observe/large-object-contents';
import { largeObjectPages } from '../../../sql-runner/postgres/catalog/large-object-contents';
import type { Session } from '../../../sql-runner/postgres/session';
import {
  ObjectDigest,
  PAGE_BYTES,
  runsOf,
  windowDigest,
  windowsOf,
  WINDOW_PAGES,
} from '../../../sql-runner/postgres/text/large-object-pages';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

const WAYS = ['pages', 'objects'] as const;
let test: TestCluster;
let admin: Client;
let session: Session;

beforeAll(async () => {
  test = await startTestCluster();
  admin = await test.cluster.adminClient('shop');
  test.onStop(() => admin.end());
  await admin.query('GRANT SELECT ON pg_largeobject TO master; ALTER DATABASE shop SET bytea_output = escape');
  await admin.query('ALTER DATABASE shop SET lo_compat_privileges = on');
  session = await openSession(targetOf(test, 'shop'));
  test.onStop(() => session.close());
});
afterAll(() => test?.stop());

const chunk = fc.record({
  offset: fc.oneof(
    fc.integer({ min: 0, max: 20_000 }),
    fc.integer({ min: 0, max: 9 }).map((page) => page * PAGE_BYTES),
  ),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 5_000 }),
    fc.integer({ min: 1, max: 9_000 }).map((length) => new Uint8Array(length)),
  ),
});
const steps = fc.array(fc.oneof(chunk, fc.record({ cut: fc.integer({ min: 0, max: 25_000 }) })), { maxLength: 6 });

it('a digest is of what is read, however it is kept, on the server and here', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { rows } = await admin.query<{ oid: number }>('SELECT lo_create(0) AS oid');
      const { oid } = rows[0]!;
      for (const step of all) {
        if ('cut' in step) await admin.query('SELECT lo_truncate64(lo_open($1, 131072), $2)', [oid, step.cut]);
        else await admin.query('SELECT lo_put($1, $2, $3)', [oid, step.offset, Buffer.from(step.bytes)]);
      }
      const read = (await admin.query<{ data: string }>(`SELECT encode(lo_get($1), 'hex') AS data`, [oid])).rows[0]!;
      const content = Buffer.from(read.data, 'hex');
      const digests = new Set<string>();
      for (const reading of WAYS) {
        const found = (await contentsOf({ session, reading, since: null }, [{ oid, bytes: content.length }])).get(oid)!;
        expect(found.bytes).toBe(content.length);
        const pages = await largeObjectPages(session, reading, [windowSpan(oid, 0)]);
        digests.add(found.digest);
        digests.add(new ObjectDigest(content.length).window(0, windowDigest(pages)).hex());
        // What is written of it reads the same.
        const copy = Buffer.alloc(content.length);
        for (const { offset, data } of runsOf(pages, content.length)) data.copy(copy, offset);
        expect(copy.equals(content)).toBe(true);
      }
      expect(digests.size).toBe(1);
      const other = Buffer.from(content);
      if (other.length > 0) {
        const at = Math.floor(other.length / 2);
        await admin.query('SELECT lo_put($1, $2, $3)', [oid, at, Buffer.from([other[at]! ^ 1])]);
        for (const reading of WAYS) {
          const [now] = [...(await contentsOf({ session, reading, since: null }, [{ oid, bytes: 0 }])).values()];
          expect(digests.has(now!.digest)).toBe(false);
        }
      }
      await admin.query('SELECT lo_unlink($1)', [oid]);
    }),
    { numRuns: 40 },
  );
});

it('one of more than 2 GB is read window by window, over its holes', async () => {
  await admin.query(`SELECT lo_create(77), lo_put(77, 100, 'begin'), lo_put(77, 3000000000, 'end')`);
  const reader = { session, reading: 'pages' as const, since: null };
  const before = (await contentsOf(reader, [{ oid: 77, bytes: 1 }])).get(77)!;
  expect(before.bytes).toBe(3_000_000_003);
  await admin.query(`SELECT lo_put(77, 2999999999, '!')`);
  const after = (await contentsOf(reader, [{ oid: 77, bytes: 1 }])).get(77)!;
  expect([after.bytes, after.digest === before.digest]).toEqual([before.bytes, false]);
  expect((await contentsOf(reader, [{ oid: 78, bytes: 1 }])).size).toBe(0);
});

it('tells who wrote since', async () => {
  await admin.query(`SELECT lo_create(88), lo_put(88, 0, 'one')`);
  const now = async () =>
    Number((await admin.query<{ x: string }>('SELECT txid_current() % 4294967296 AS x')).rows[0]!.x);
  const since = await now();
  const writers = async () =>
    (await contentsOf({ session, reading: 'pages', since }, [{ oid: 88, bytes: 3 }])).get(88)!.writers;
  expect(await writers()).toEqual([]);
  await admin.query(`SELECT lo_put(88, 5000, 'two')`);
  expect(await writers()).toEqual([since + 1]);
  await admin.query('VACUUM FREEZE pg_largeobject');
  expect(await writers()).toEqual([since + 1]);
});

it('what is asked for at a time is bounded', () => {
  const sized = fc.array(fc.record({ oid: fc.nat(), bytes: fc.oneof(fc.nat(9_000), fc.nat(40_000_000)) }), {
    maxLength: 400,
  });
  fc.assert(
    fc.property(sized, (objects) => {
      const groups = groupsOf(objects);
      expect(groups.flat()).toEqual(objects);
      for (const group of groups) {
        const pages = group.reduce((sum, { bytes }) => sum + Math.max(1, Math.ceil(bytes / PAGE_BYTES)), 0);
        expect(group.length === 1 || (pages <= WINDOW_PAGES && group.length <= 200)).toBe(true);
      }
      expect(windowsOf(WINDOW_PAGES * PAGE_BYTES)).toBe(1);
    }),
  );
});
