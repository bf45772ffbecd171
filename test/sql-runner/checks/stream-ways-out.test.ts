import { causeWords, conflictCounts, toldByLog } from '../../../sql-runner/checks/stream-cause-words';
import { wayOut } from '../../../sql-runner/checks/stream-ways-out';
import type { CauseKind, StreamCause } from '../../../sql-runner/model/stream-cause';
import { streamsOf } from '../../../sql-runner/model/streams';
import type { StreamLook, StreamLooks, StreamsSeen } from '../../../sql-runner/model/survey';
import { sourceContract } from '../support/contract';

const contract = sourceContract(['shop']);
const [of] = streamsOf(contract);
const cause = (facts: Partial<StreamCause>): StreamCause => ({
  kind: 'other',
  at: '2026-11-29T14:02:11.000Z',
  pid: 7,
  table: null,
  column: null,
  constraint: null,
  key: null,
  finishLsn: null,
  words: 'division by zero',
  holder: null,
  among: [],
  ...facts,
});
const out = (facts: Partial<StreamCause>) => wayOut(cause(facts), contract, of!);
const CONFLICT = {
  kind: 'conflict',
  table: { schema: 'public', name: 'My "orders"' },
  constraint: 'orders_pkey',
  key: [
    { column: 'id', value: "it's" },
    { column: 'Part', value: '2' },
  ],
} as const;
const ROW = `"public"."My ""orders""" WHERE "id" = 'it''s' AND "Part" = '2'`;

test('a row is deleted by statement only where its key is the primary one, and is told for certain', () => {
  expect(out({ ...CONFLICT, deletable: true })).toMatchObject({ sql: `DELETE FROM ONLY ${ROW};` });
  expect(out({ ...CONFLICT, deletable: true })!.words).toContain(`(SELECT * FROM ONLY ${ROW})`);
  for (const deletable of [false, undefined]) {
    const { words, sql } = out({ ...CONFLICT, deletable })!;
    expect(sql).toBeNull();
    expect(words).toContain(`on both sides, in database shop, what has that key: SELECT * FROM ${ROW};`);
  }
  const untold = [{ table: null }, { key: null }, { key: [{ column: 'id', value: 'x'.repeat(201) }] }];
  for (const facts of untold) {
    const { words, sql } = out({ ...CONFLICT, deletable: true, ...facts })!;
    expect([sql, words]).toEqual([null, expect.stringContaining('look for the row that stands in the way')]);
  }
});

test('where the row in the way may be that of production, nothing is to be deleted', () => {
  const { words, sql } = out({ ...CONFLICT, deletable: true, earlier: 'its table is another one' })!;
  const told = expect.stringMatching(/^delete nothing, .*: its table is another one; .*reset demo/);
  expect([sql, words]).toEqual([null, told]);
});

test('where its table is one that the source has replaced, that goes, whatever may be said of the row', () => {
  const { sql, replaced } = out({ ...CONFLICT, earlier: 'its table is another one', replaced: true })!;
  expect([sql, replaced?.name]).toEqual(['DROP TABLE "public"."My ""orders""";', 'My "orders"']);
  expect(out({ ...CONFLICT, replaced: true, among: ['a', 'b'] })).toBeNull();
  expect(out({ ...CONFLICT, kind: 'row missing', replaced: true })).toBeNull();
});

test('a statement is printed for no stream that may be another one', () => {
  expect(out({ ...CONFLICT, deletable: true, among: ['a', 'b'] })).toBeNull();
  expect(wayOut(null, contract, of!)).toBeNull();
  expect(wayOut(undefined, contract, of!)).toBeNull();
});

test('what only the clone refuses it is made to take; a domain, or a partition, is not altered by statement', () => {
  const table = { schema: 'public', name: 'orders' };
  expect(out({ kind: 'null refused', table, column: 'a' })!.sql).toBe(
    'ALTER TABLE "public"."orders" ALTER COLUMN "a" DROP NOT NULL;',
  );
  expect(out({ kind: 'null refused', table })!.sql).toBeNull();
  const check = { kind: 'check refused', table, constraint: 'c"' } as const;
  expect(out({ ...check, words: 'new row for relation "orders" violates check constraint "c""' })!.sql).toBe(
    'ALTER TABLE "public"."orders" DROP CONSTRAINT "c""";',
  );
  for (const words of [
    'value for domain d violates check constraint "c""',
    'new row for relation "o" violates partition constraint',
  ])
    expect(out({ ...check, words })).toMatchObject({ sql: null });
});

test('a table that production publishes no more is renamed on the clone for a while, and none is made', () => {
  const table = { schema: 'public', name: 'of "then"' };
  const { words, sql } = out({ kind: 'table missing', table, unpublished: true })!;
  expect(words).toContain('RENAME TO "of ""then"""');
  expect(words).toMatch(/make no new table .* make a new clone: sql-runner reset demo/);
  expect(sql).toBeNull();
});

test.each<[CauseKind, RegExp | null]>([
  ['table missing', /make the table on the clone as production has it/],
  ['column missing', /make the column on the clone/],
  ['value refused', /make the column's type/],
  ['no replica identity', /make the table's replica identity/],
  ['permission denied', /owner of the table/],
  ['truncate refused', /sql-runner doctor demo names it as TRUNCATE_STOPS_APPLY/],
  ['publication gone', /cannot be sent, whatever it is named by now: make a new clone: sql-runner reset demo/],
  ['not let in', /pg_hba\.conf/],
  ['role refused', /role acas_demo of the source is gone/],
  ['authority unread', /replication\.sslRootCert/],
  ['certificate refused', /is not of an authority in/],
  ['host unknown', /DNS/],
  ['not reached', /security groups/],
  ['database missing', /database shop of the source is gone/],
  ['no room', /used up/],
  ['slot in use', /process 12 of the source reads slot acas_demo_shop/],
  ['timeout', /SETTING_HARMS_APPLY/],
  ['no space', /temp_file_limit/],
  ['terminated', /starts it again by itself/],
  ['deadlock', /in another order/],
  // A run of apply, or a new clone, is what helps, and is told anyway.
  ['login refused', null],
  ['slot gone', null],
  ['slot lost', null],
  ['row missing', null],
  ['other', null],
])('a way out of: %s', (kind, words) => {
  const way = out({ kind, holder: 12 });
  if (words === null) expect(way).toBeNull();
  else expect(way).toEqual({ words: expect.stringMatching(words), sql: null });
});

test('what the log has is told with the names that are known, and short', () => {
  expect(causeWords(cause({ ...CONFLICT, finishLsn: '0/15A3B88' }))).toBe(
    'a row of the same key stands there already (table public."My ""orders""", constraint orders_pkey, key id = it\'s, Part = 2), in the transaction that ends at 0/15A3B88',
  );
  expect(causeWords(cause({}))).toBe('division by zero');
  const long = causeWords(cause({ ...CONFLICT, key: [{ column: 'id', value: `a\n\tb${'x'.repeat(99)}` }] }));
  expect(long).toMatch(/key id = a bx+…\)$/);
});

test.each<[string, Partial<StreamLooks>, Partial<StreamsSeen>, string]>([
  ['a cause', { cause: cause({}) }, {}, "; the clone's log has at 2026-11-29T14:02:11Z: division by zero"],
  [
    'a cause that may be of another',
    { cause: cause({ among: ['a in database b', 'c in database d'] }) },
    {},
    "; of one of a in database b, c in database d, it does not say which, the clone's log has at 2026-11-29T14:02:11Z: division by zero",
  ],
  ['nothing, as nobody asked', {}, {}, ''],
  ['nothing, as it was not read', {}, { log: { unread: 'why', since: null } }, "; the clone's log was not read: why"],
  [
    'nothing of now',
    { cause: null },
    { log: { unread: null, since: '2026-11-29T13:00:00.000Z' } },
    "; the clone's log, read from 2026-11-29T13:00:00Z on, has no error of it that is of now",
  ],
  ['nothing at all', {}, { log: { unread: null, since: null } }, "; the clone's log has nothing that could be read"],
])('of a stream the log tells %s', (_, looks, seen, told) => {
  expect(toldByLog(looks as StreamLooks, seen as StreamsSeen)).toBe(told);
});

test('conflicts that 18 counts are told where there are any', () => {
  const counted = (conflicts: object | undefined) => conflictCounts({ worker: { conflicts } } as unknown as StreamLook);
  expect(counted({ update_missing: 3, insert_exists: 1 })).toBe(
    ', conflicts counted by now: 1 insert_exists, 3 update_missing',
  );
  expect([counted({}), counted(undefined), conflictCounts({ worker: null } as StreamLook)]).toEqual(['', '', '']);
});
