import fc from 'fast-check';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { NewPartitionFacts, NewTableFacts } from '../../../sql-runner/model/new-tables';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import { BOUND, becoming, known, PART_NOTE, PLACE, THERE } from '../support/new-partitions';
import { COMPARED, contract, DEFINITION, FACTS, noted, OID, SUBSCRIPTION } from '../support/new-tables';
import { edit } from '../support/observations';
import { findingOf, outline, sqlOf } from '../support/plans';
import { carryOut } from '../support/simulate';

const plan = (observation: Observation) => planApply(contract, observation);
const facts = (observation: Observation) => factsOf(contract, observation, streamsOf(contract)[0]!);

const MAKE = '+ target/shop/table/public.newer';
const NOTE_IT = MAKE.replace('+', '~');
const PLACE_IT = '~ target/shop/partition/public.newer';
const GRANT = '~ source/shop/copy-rights/public.newer';
const COPY = '~ target/shop/table-copies/acas_demo_shop';
const SETTLE = '- source/shop/copy-rights/acas_demo_shop';
const HERE = { parent: PLACE.parent, bound: BOUND };
const ATTACH = `ALTER TABLE "public"."parted" ATTACH PARTITION "public"."newer" ${BOUND}`;

test('a new partition is made below its table, copied and compared; it is published already', () => {
  const made = plan(becoming());
  expect(outline(made)).toEqual([MAKE, GRANT, COPY, SETTLE]);
  expect(made.findings).toEqual([]);
  expect(made.changes[0]!.operation).toMatchObject({ kind: 'make-table', table: PART_NOTE, attach: ATTACH });
  expect(made.changes[2]!.operation).toMatchObject({
    kind: 'copy-tables',
    tables: [{ oid: OID, schema: 'public', name: 'newer', partition: true }],
  });
});

test('where the clone has a default partition it is put below its table once that has moved its rows', () => {
  const made = plan(becoming({ hasDefault: true }));
  expect(outline(made)).toEqual([MAKE, PLACE_IT, GRANT, COPY, SETTLE]);
  expect(made.changes[0]!.operation).toMatchObject({ attach: null });
  expect(made.changes[1]!.operation).toMatchObject({ kind: 'attach-partition', attach: ATTACH });
});

test('before 15 its sender looks it up again, before the copy', () => {
  const on = (version: number) => edit(becoming(), ({ source }) => void (source.server.versionNum = version));
  const told = plan(on(149_999));
  expect(outline(told)).toEqual([MAKE, GRANT, '~ source/shop/published-table/public.newer', COPY, SETTLE]);
  expect(sqlOf(told.changes[2]!)).toEqual([
    "SET LOCAL lock_timeout = '1s'",
    'ALTER PUBLICATION "acas_demo_shop" ADD TABLE ONLY "public"."newer"',
    'ALTER PUBLICATION "acas_demo_shop" DROP TABLE ONLY "public"."newer"',
  ]);
  expect(outline(plan(on(150_000)))).toEqual([MAKE, GRANT, COPY, SETTLE]);
});

test.each<[string, Observation, string[]]>([
  ['made', noted(becoming({ here: HERE }, THERE), [PART_NOTE]), [GRANT, COPY, SETTLE]],
  ['made apart', noted(becoming({ hasDefault: true }, THERE), [PART_NOTE]), [PLACE_IT, GRANT, COPY, SETTLE]],
  ['dropped there again', noted(becoming(), [PART_NOTE]), [MAKE, GRANT, COPY, SETTLE]],
  ['taken', known(noted(becoming({ here: HERE }, THERE), [PART_NOTE]), 'i'), [GRANT, COPY, SETTLE]],
  ['compared', known(noted(becoming(), [{ ...PART_NOTE, compared: COMPARED }])), [SETTLE]],
  ['settled', known(noted(becoming(), [{ ...PART_NOTE, granted: undefined, compared: COMPARED }])), []],
])('a run that died after it was %s is carried on', (_, observation, expected) => {
  const made = plan(observation);
  expect(outline(made)).toEqual(expected);
  expect(made.findings).toEqual([]);
});

test.each<[string, Partial<NewPartitionFacts>, Partial<NewTableFacts>, string[]]>([
  ['as on the source', { here: HERE }, THERE, [NOTE_IT, GRANT, COPY, SETTLE]],
  ['apart', {}, THERE, [NOTE_IT, GRANT, COPY, SETTLE]],
  ['apart, beside a default partition', { hasDefault: true }, THERE, [NOTE_IT, PLACE_IT, GRANT, COPY, SETTLE]],
])('one that the clone has already, %s, is taken as it is', (_, place, own, expected) => {
  const made = plan(becoming(place, own));
  expect(outline(made)).toEqual(expected);
  expect(made.changes[0]!.operation).toMatchObject({ statements: [] });
});

test.each<[string, Partial<NewPartitionFacts>, Partial<NewTableFacts>, RegExp]>([
  ['its table is not there', { parentThere: false }, {}, /lacks public\.parted, which it is a partition of/],
  ['it has rows', {}, { namesake: { ...THERE.namesake!, hasRows: true } }, /has a table of its name with rows/],
  [
    'it is for others',
    { here: { ...HERE, bound: 'FOR VALUES IN (3)' } },
    THERE,
    /is a partition of public\.parted FOR VALUES IN \(3\)/,
  ],
  ['it cannot be read', {}, { definition: null }, /a lock on it that keeps readers out/],
  ['the clone lacks its type', {}, { lacking: ['type public.mood'] }, /lacks type public\.mood/],
  ['rows are hidden', {}, { rights: { ...FACTS.rights!, seesAll: false } }, /row level security/],
  [
    'a key is missing',
    {},
    { namesake: { ...THERE.namesake!, definition: { ...DEFINITION, constraints: [] } } },
    /defined in another way/,
  ],
])('it is not added where %s: that is told, and nothing else is copied beside it', (_, place, own, seen) => {
  const made = plan(becoming(place, own));
  expect(outline(made)).toEqual([]);
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED').seen).toMatch(seen);
  expect(findingOf(made, 'NEW_TABLE_NOT_ADDED').severity).toBe('warn');
});

test('one that the role may not be let read is told; where it may read already it is added', () => {
  const foreign = (rights: Partial<NonNullable<NewTableFacts['rights']>>) =>
    edit(becoming({}, { rights: { ...FACTS.rights!, ...rights } }), ({ source }) => {
      source.databases.shop!.tables.at(-1)!.mayPublish = false;
    });
  expect(outline(plan(foreign({})))).toEqual([]);
  expect(findingOf(plan(foreign({})), 'NEW_TABLE_NOT_ADDED').seen).toContain('app_owner owns it');
  expect(outline(plan(foreign({ select: true })))).toEqual([MAKE, COPY]);
});

test('whatever became of it before it is copied is no doubt; afterwards it is as of any other', () => {
  const attached = becoming({}, {}, { joined: '1 2 3', stored: '9' });
  const kindOf = (observation: Observation) => judgeContinuity(contract, observation, facts(observation))?.kind;
  expect(kindOf(attached)).toBe('proven');
  const unread = edit(attached, ({ target }) => delete target!.databases.shop!.taken);
  expect(kindOf(unread)).toBe('not proven');
  const compared = { ...COMPARED, joined: '1 2 3', stored: '9' };
  const added = known(noted(attached, [{ ...PART_NOTE, compared }]));
  expect(kindOf(added)).toBe('proven');
  expect(kindOf(known(noted(attached, [{ ...PART_NOTE, compared: COMPARED }])))).toBe('not proven');
});

test('another one that was made under the name of one that was dropped is doubted', () => {
  const again = known(noted(becoming(), [{ ...PART_NOTE, oid: 7, granted: undefined, compared: COMPARED }]));
  const judged = judgeContinuity(contract, again, facts(again));
  expect(judged).toMatchObject({
    kind: 'not proven',
    seen: expect.stringContaining('public.newer (dropped, and made again'),
  });
  // And what tells them apart stays.
  expect(outline(plan(again)).filter((id) => id === SETTLE)).toEqual([]);
});

test('a stream of which rows are to be compared gets its partition first', () => {
  const doubted = edit(becoming(), ({ source }) => void (source.databases.shop!.publications[0]!.rows!.self = '1 3'));
  const kinds = plan(doubted).changes.map(({ operation }) => operation.kind);
  expect(kinds).toEqual(['make-table', 'give-copy-rights', 'copy-tables', 'settle-tables', 'prove-continuity']);
});

test('verify calls nothing equal as long as a partition is not copied', () => {
  const scope = (observation: Observation) => verifyScope(contract, observation, facts(observation));
  expect(scope(becoming()).doubts).toEqual([expect.stringContaining('does not know public.newer')]);
  const arriving = scope(noted(becoming(), [PART_NOTE]));
  expect([arriving.doubts, arriving.notReplicated.map(({ name }) => name)]).toEqual([[], ['newer']]);
  const there = scope(known(noted(becoming(), [{ ...PART_NOTE, compared: COMPARED }])));
  expect([there.doubts, there.notReplicated]).toEqual([[], []]);
});

test('wherever runs die, the next ones end at the same place, and each step is made once', () => {
  const end = (hasDefault: boolean, there: boolean, crashes: readonly number[]) => {
    let world = becoming({ hasDefault }, there ? THERE : {});
    for (const survives of [...crashes, Infinity]) {
      const made = plan(world);
      expect(made.findings).toEqual([]);
      for (const change of made.changes.slice(0, survives)) world = carryOut(contract, world, change);
    }
    expect(outline(plan(world))).toEqual([]);
    const { comment } = world.target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!;
    return [comment, world.target!.databases.shop!.taken!.length];
  };
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.array(fc.nat(5), { maxLength: 6 }), (hasDefault, there, crashes) =>
      expect(end(hasDefault, there, crashes)).toEqual(end(hasDefault, there, [])),
    ),
    { numRuns: 100 },
  );
});
