import fc from 'fast-check';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import { becoming } from '../support/new-partitions';
import { comingTree, lookedAgain, noteOf, oidOf } from '../support/new-roots';
import { contract, DEFINITION, noted, OID, SUBSCRIPTION } from '../support/new-tables';
import { edit } from '../support/observations';
import { codes, findingOf, outline, sqlOf } from '../support/plans';
import { carryOut } from '../support/simulate';
import { table } from '../support/tables';

const plan = (observation: Observation) => planApply(contract, observation);

const MAKES = ['newer', 'one', 'rest', 'sub', 'leaf'].map((name) => `+ target/shop/table/public.${name}`);
const GRANTS = ['one', 'rest', 'leaf'].map((name) => `~ source/shop/copy-rights/public.${name}`);
const PUBLISH = '~ source/shop/published-table/public.newer';
const COPY = '~ target/shop/table-copies/acas_demo_shop';
const SETTLE = '- source/shop/copy-rights/acas_demo_shop';

test('a partitioned table is made with all that is below before it is published as a whole; what has rows is copied', () => {
  const made = plan(comingTree());
  expect(made.findings).toEqual([]);
  expect(outline(made)).toEqual([...MAKES, ...GRANTS, PUBLISH, COPY, SETTLE]);
  const operations = made.changes.map(({ operation }) => operation);
  expect(operations[0]).toMatchObject({ table: { oid: OID, parted: true }, attach: null });
  expect(operations[0]).toMatchObject({
    statements: [expect.stringContaining('PARTITION BY LIST (id)'), ...Array(2).fill(expect.anything())],
  });
  expect(operations[3]).toMatchObject({
    table: noteOf('sub'),
    attach: expect.stringContaining('"public"."newer" ATTACH'),
  });
  expect(operations[4]).toMatchObject({
    table: noteOf('leaf'),
    attach: expect.stringContaining('"public"."sub" ATTACH'),
  });
  const [publish, copy] = made.changes.slice(-3);
  expect(sqlOf(publish!)).toEqual([
    "SET LOCAL lock_timeout = '1s'",
    "SET LOCAL statement_timeout = '1500ms'",
    'LOCK TABLE "public"."newer" IN SHARE ROW EXCLUSIVE MODE',
    'SET LOCAL statement_timeout TO DEFAULT',
    'ALTER PUBLICATION "acas_demo_shop" ADD TABLE "public"."newer"',
  ]);
  expect(publish!.operation).toMatchObject({
    afterwards: [{ values: [String(OID), 'public', 'newer', '{90002,90003,90004,90005}'] }, {}],
  });
  expect((copy!.operation as unknown as { tables: { name: string }[] }).tables.map(({ name }) => name)).toEqual([
    'one',
    'rest',
    'sub',
    'leaf',
    'newer',
  ]);
});

test('a sequence of the table that partitions number by is not missing, as it is made before them', () => {
  const sequence = { schema: 'public', name: 'newer_id_seq', column: 'id' } as never;
  const definition = { ...DEFINITION, partitionKey: 'LIST (id)', sequences: [sequence] };
  const lacking = ['sequence public.newer_id_seq'];
  const facts = {
    newer: {
      definition: {
        ...definition,
        sequences: [{ ...(sequence as object), identity: null, grants: null, comment: null }] as never,
      },
    },
  };
  expect(codes(plan(comingTree({ ...facts, one: { lacking } })), 'warn')).toEqual([]);
  expect(codes(plan(comingTree({ ...facts, one: { lacking: [...lacking, 'type public.mood'] } })), 'warn')).toEqual([
    'NEW_TABLE_NOT_ADDED',
  ]);
});

test('a partition that is partitioned again of a table that is followed is made with what is below', () => {
  // As if a run had added the table, and these came later.
  const followed = edit(carried(comingTree({}, drop('sub', 'leaf')), Infinity), ({ source }) => {
    const later = comingTree();
    const { databases, newTables } = later.source;
    source.databases.shop!.tables.push(
      ...(databases.shop!.tables.filter(({ name }) => name === 'sub' || name === 'leaf') as never[]),
    );
    const rows = source.databases.shop!.publications[0]!.rows!;
    const [own] = Object.values(rows.tables);
    for (const [name, indirect] of [
      ['sub', false],
      ['leaf', true],
    ] as const)
      rows.tables[oidOf(name)] = { ...own!, name: `public.${name}`, stored: String(oidOf(name)), indirect };
    source.newTables![SUBSCRIPTION]!.push(...(newTables![SUBSCRIPTION]!.slice(-2) as never[]));
    const sub = source.newTables![SUBSCRIPTION]!.find(({ name }) => name === 'sub')!;
    Object.assign(sub.partition!, { parentThere: true, hasDefault: true });
  });
  const made = plan(followed);
  expect(made.findings).toEqual([]);
  expect(outline(made)).toEqual([
    '+ target/shop/table/public.sub',
    '+ target/shop/table/public.leaf',
    '~ target/shop/partition/public.sub',
    GRANTS[2],
    COPY,
    SETTLE,
  ]);
  expect(outline(plan(carried(followed, Infinity)))).toEqual([]);
  // Without the table above it, or with another key of that, it is told as before.
  const other = edit(followed, ({ source }) => {
    source.newTables![SUBSCRIPTION]!.find(({ name }) => name === 'sub')!.partition!.parentThere = false;
  });
  expect(findingOf(plan(other), 'NEW_TABLE_NOT_ADDED').seen).toContain('the clone lacks public.newer');
});

type Tables = Parameters<NonNullable<Parameters<typeof comingTree>[1]>>[0];

const find = (tables: Tables, name: string) => tables.find((one) => one.name === name)!;

const drop =
  (...names: string[]) =>
  (tables: Tables) => {
    for (const name of names)
      tables.splice(
        tables.findIndex((one) => one.name === name),
        1,
      );
  };

/** As far as it comes. */
function carried(observation: Observation, survives: number): Observation {
  let world = observation;
  for (const change of plan(world).changes.slice(0, survives)) world = carryOut(contract, world, change);
  return lookedAgain(world);
}

test('what is above a table that is named by itself is none of ours', () => {
  const root = { schema: 'public', name: 'unnamed' };
  const below = edit(becoming(), ({ source }) => {
    const { tables } = source.databases.shop!;
    Object.assign(find(tables, 'parted'), { partition: true, parents: [root] });
    tables.push(table('unnamed', { oid: 80_000, kind: 'root' }));
  });
  const made = plan(below).changes.flatMap(({ operation }) =>
    operation.kind === 'make-table' ? operation.table.name : [],
  );
  expect(made).toEqual(['newer']);
});

test('until all is compared nothing is called equal, and afterwards it is as any other', () => {
  const judge = (world: Observation) => {
    const of = factsOf(contract, world, streamsOf(contract)[0]!);
    const scope = verifyScope(contract, world, of);
    return [judgeContinuity(contract, world, of)?.kind, scope.notReplicated.length + scope.newTables.length > 0];
  };
  const all = plan(comingTree()).changes.length;
  // Before the first change the table is not published, which is told of each table that is selected.
  for (let survives = 0; survives < all - 1; survives += 1)
    expect([survives, ...judge(carried(comingTree(), survives))]).toEqual([survives, 'proven', true]);
  expect(judge(carried(comingTree(), all))).toEqual(['proven', false]);
});

test('what leaves the source on the way is forgotten, and the rest comes', () => {
  const world = edit(carried(comingTree(), 4), ({ source }) => {
    drop('one')(source.databases.shop!.tables);
    const facts = source.newTables![SUBSCRIPTION]!;
    facts.splice(
      facts.findIndex(({ name }) => name === 'one'),
      1,
    );
  });
  const made = plan(world);
  expect(made.changes.at(-1)!.operation).toMatchObject({ kind: 'settle-tables', forgotten: [oidOf('one')] });
  expect(outline(plan(carried(world, Infinity)))).toEqual([]);
});

test('a table that is not selected any more before it was published is forgotten with all that is below', () => {
  const world = edit(noted(comingTree(), [{ ...noteOf('one') }, { ...noteOf('sub') }]), ({ source }) => {
    drop('newer', 'one', 'rest', 'sub', 'leaf')(source.databases.shop!.tables);
    source.newTables![SUBSCRIPTION] = [];
  });
  expect(outline(plan(world))).toEqual([SETTLE]);
  expect(plan(world).changes[0]!.operation).toMatchObject({ forgotten: [oidOf('one'), oidOf('sub')] });
});

test('wherever runs die, the next ones end at the same place, and each step is made once', () => {
  const end = (crashes: readonly number[]) => {
    let world = comingTree();
    for (const survives of [...crashes, Infinity]) {
      expect(plan(world).findings).toEqual([]);
      world = carried(world, survives);
    }
    expect(outline(plan(world))).toEqual([]);
    const { streams, taken } = world.target!.databases.shop!;
    const { added } = JSON.parse(/\{.*\}/s.exec(streams[SUBSCRIPTION]!.subscription!.comment!)![0]) as {
      added: { oid: number; granted?: unknown; compared?: unknown }[];
    };
    expect(added.every((one) => one.compared !== undefined && one.granted === undefined)).toBe(true);
    return [added.map(({ oid }) => oid).sort(), taken!.map(({ name }) => name).sort()];
  };
  const undisturbed = end([]);
  expect(undisturbed[0]).toHaveLength(5);
  fc.assert(
    fc.property(fc.array(fc.nat(11), { maxLength: 6 }), (crashes) => expect(end(crashes)).toEqual(undisturbed)),
    { numRuns: 40 },
  );
});
