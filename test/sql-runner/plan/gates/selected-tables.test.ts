import { streamOf } from '../../../../sql-runner/model/streams';
import { checkPublishedPartitions } from '../../../../sql-runner/checks/new-partitions';
import { checkSelectedTables } from '../../../../sql-runner/plan/gates/selected-tables';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import type { Selection } from '../../../../contract/contract';
import { selectTables } from '../../../../sql-runner/model/table-selection';
import { sourceContract, stream } from '../../support/contract';
import { edit, prepared, untouched } from '../../support/observations';
import { table, partition, UNIDENTIFIED } from '../../support/tables';
import { expectBlocked } from '../../support/plans';

const contract = sourceContract(['shop']);
const observed = (change: Parameters<typeof edit<ReturnType<typeof untouched>>>[1]) =>
  edit(untouched(contract), change);
const check = (selection: Selection, { source } = untouched(contract)) =>
  checkSelectedTables(contract, source, streamOf('shop', stream('shop', selection)));

test('a table without replica identity blocks before anything is published', () => {
  const world = observed(({ source }) => source.databases.shop!.tables.push(table('Log "x"', { ...UNIDENTIFIED })));
  expectBlocked(planApply(contract, world), 'REPLICA_IDENTITY_MISSING');
  const [finding] = check({ kind: 'all' }, world);
  expect(finding!.next).toContain('ALTER TABLE "public"."Log ""x""" REPLICA IDENTITY');
  expect(check({ kind: 'tables', tables: [{ schema: 'public', name: 'orders' }] }, world)).toEqual([]);
});

test('each partition needs an identity of its own, and is named', () => {
  const world = observed(({ source }) =>
    source.databases.shop!.tables.push(
      table('events', { kind: 'root' }),
      partition('m1', 'events', UNIDENTIFIED),
      partition('m2', 'events', UNIDENTIFIED),
      partition('m3', 'events'),
      partition('m4', 'events', { ...UNIDENTIFIED, persistence: 'unlogged' }),
    ),
  );
  expect(check({ kind: 'all' }, world).map((finding) => finding.seen)).toEqual([
    expect.stringContaining('parts.m1'),
    expect.stringContaining('parts.m2'),
  ]);
});

test('partitions to come block only a publication of their table, and only until they are acknowledged', () => {
  const root = (name: string, facts: Parameters<typeof table>[1] = {}) => table(name, { kind: 'root', ...facts });
  const bare = { keyFault: 'no primary key' } as const;
  const world = observed(({ source }) => {
    source.databases.shop!.tables = [
      root('keyed', { keyFault: 'an invalid primary key' }),
      partition('above', 'keyed', { kind: 'root', ...bare }),
      root('a', { keyFault: 'a deferrable primary key' }),
      partition('below', 'a', { kind: 'root', ...bare }),
      root('b', bare),
    ];
  });
  expect(check({ kind: 'all' }, world)).toMatchObject([
    {
      code: 'NEW_PARTITIONS_REFUSE_WRITES',
      seen: 'in database shop, new partitions of public.a (a deferrable primary key), public.b (no primary key), parts.above (no primary key) would have no usable replica identity',
    },
  ]);
  expectBlocked(planApply(contract, world), 'NEW_PARTITIONS_REFUSE_WRITES');
  const accepting = { ...contract, acknowledge: ['NEW_PARTITIONS_REFUSE_WRITES'] };
  const accepted = planApply(accepting, world);
  expect(accepted.findings).toMatchObject([{ code: 'NEW_PARTITIONS_REFUSE_WRITES', severity: 'info' }]);
  expect(accepted.changes.length).toBeGreaterThan(0);
  expect(check({ kind: 'tables', tables: [{ schema: 'public', name: 'keyed' }] }, world)).toHaveLength(1);
});

const KEY = 'best give it a primary key, or a unique index over NOT NULL columns as replica identity';
test.each<[string, Parameters<typeof table>[1], string]>([
  [
    'its key does',
    { identityFault: 'REPLICA IDENTITY NOTHING' },
    'let its primary key identify its rows, in database shop on the source: ALTER TABLE "public"."t" REPLICA IDENTITY DEFAULT;',
  ],
  [
    'an index does',
    { ...UNIDENTIFIED, uniqueIndex: 'Code' },
    'let an index without generated columns identify its rows, in database shop on the source: ALTER TABLE "public"."t" REPLICA IDENTITY USING INDEX "Code";',
  ],
  [
    'whole rows do, slower',
    UNIDENTIFIED,
    `${KEY}; or select other tables in the environment file; or, slower, let whole rows identify it, in database shop on the source: ALTER TABLE "public"."t" REPLICA IDENTITY FULL;`,
  ],
  [
    'nothing does yet',
    { ...UNIDENTIFIED, rowsIdentify: false },
    'give it a unique index over NOT NULL columns that are not generated, and make that its replica identity; or select other tables in the environment file',
  ],
])('what identifies the rows of a table is advised, and printed where it can be: %s', (_, facts, next) => {
  const world = observed(({ source }) => (source.databases.shop!.tables = [table('t', facts)]));
  expect(check({ kind: 'all' }, world)).toMatchObject([{ next }]);
});

test('of what is published, partitions to come are told of our publications that send changes', () => {
  const { source } = edit(prepared(contract), (draft) => {
    const { publications, tables } = draft.source.databases.shop!;
    const of = (name: string, facts: object) => {
      tables.push(table(name, { kind: 'root', keyFault: 'no primary key' }));
      publications.push({ ...publications[0]!, name, ...facts, tables: [{ schema: 'public', name }] });
    };
    of('ours', {});
    of('inserts', { sendsChanges: false });
    of('theirs', { comment: null });
  });
  expect(checkPublishedPartitions(contract, source)).toMatchObject([
    {
      severity: 'warn',
      seen: 'in database shop, new partitions of public.ours (no primary key) would have no usable replica identity',
    },
  ]);
});

test('owners are named each with the tables of their own', () => {
  const owned = (name: string, owner: string) => table(name, { owner, mayPublish: false });
  const world = observed(({ source }) => {
    source.databases.shop!.tables = [owned('a', 'anna'), owned('b', 'bert'), owned('c', 'anna'), table('d')];
  });
  expect(check({ kind: 'all' }, world).map(({ seen }) => seen)).toEqual([
    'in database shop, anna owns public.a, public.c, and master does not have its rights',
    'in database shop, bert owns public.b, and master does not have its rights',
  ]);
});

test('no step of the way to a clone is taken while a table is not ready for it', () => {
  const world = observed(({ source }) => {
    source.databases.shop!.mayCreate = false;
    source.databases.shop!.tables = [
      table('t', { ...UNIDENTIFIED, mayPublish: false }),
      table('r', { kind: 'root', keyFault: 'no primary key' }),
    ];
  });
  const stopped = check({ kind: 'all' }, world).map(({ code, stops }) => [code, [...stops!].sort()]);
  const preparing = ['publish', 'slot', 'ticket'];
  expect(stopped).toEqual([
    ['PUBLICATION_NOT_ALLOWED', preparing],
    ['TABLE_NOT_OWNED', preparing],
    ['REPLICA_IDENTITY_MISSING', preparing],
    ['NEW_PARTITIONS_REFUSE_WRITES', preparing],
  ]);
});

test('an unlogged table is not asked for an identity', () => {
  const world = observed(({ source }) =>
    source.databases.shop!.tables.push(table('cache', { persistence: 'unlogged', ...UNIDENTIFIED })),
  );
  expect(check({ kind: 'all' }, world)).toEqual([]);
});

test.each<[string, Selection, string, string]>([
  [
    'table',
    { kind: 'tables', tables: [{ schema: 'public', name: 'Orders' }] },
    'TABLE_MISSING',
    'table public."Orders"',
  ],
  ['schema', { kind: 'schemas', schemas: ['public', 'audit'] }, 'TABLE_MISSING', 'has no table in schema audit'],
])('a %s that is named and not there', (_, selection, code, seen) => {
  expect(check(selection)).toMatchObject([{ code, severity: 'block', seen: expect.stringContaining(seen) }]);
});

test('a database that is not there, or has nothing to replicate', () => {
  const gone = observed(({ source }) => Object.assign(source.databases.shop!, { exists: false, tables: [] }));
  expectBlocked(planApply(contract, gone), 'DATABASE_MISSING');
  const empty = observed(({ source }) => (source.databases.shop!.tables = []));
  expectBlocked(planApply(contract, empty), 'NOTHING_SELECTED');
});

test('selections: all, schemas, tables; in a stable order', () => {
  const tables = [table('b'), table('a', { schema: 'audit' }), table('a'), table('u', { persistence: 'unlogged' })];
  const names = (selection: Selection) =>
    selectTables(selection, tables).map(({ schema, name }) => `${schema}.${name}`);
  expect(names({ kind: 'all' })).toEqual(['audit.a', 'public.a', 'public.b']);
  expect(names({ kind: 'schemas', schemas: ['public'] })).toEqual(['public.a', 'public.b']);
  expect(names({ kind: 'tables', tables: [{ schema: 'audit', name: 'a' }] })).toEqual(['audit.a']);
});
