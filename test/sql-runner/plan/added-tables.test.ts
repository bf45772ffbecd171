import fc from 'fast-check';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { inOrder } from '../../../sql-runner/resources/added-table/in-order';
import { verifyScope } from '../../../sql-runner/resources/verify-scope';
import {
  COMPARED,
  coming,
  contract,
  DEFINITION,
  FACTS,
  NOTE,
  noted,
  OID,
  published,
  SUBSCRIPTION,
} from '../support/new-tables';
import { edit, following } from '../support/observations';
import { codes, findingOf, outline, sqlOf } from '../support/plans';
import { carryOut } from '../support/simulate';
import { table } from '../support/tables';

const plan = (observation: Observation) => planApply(contract, observation);

const MAKE = '+ target/shop/table/public.newer';
const GRANT = '~ source/shop/copy-rights/public.newer';
const PUBLISH = '~ source/shop/published-table/public.newer';
const COPY = '~ target/shop/table-copies/acas_demo_shop';
const SETTLE = '- source/shop/copy-rights/acas_demo_shop';

test('a new table is not made that would be given to a role by name alone', () => {
  const refused = plan(coming({ strangers: ['clerk'] }));
  expect(outline(refused)).toEqual([]);
  expect(findingOf(refused, 'NEW_TABLE_NOT_ADDED').seen).toContain('it belongs or is granted to clerk, and whether');
});

test('a new table is made, may be read, is published, copied, and what was given is taken back', () => {
  const made = plan(coming());
  expect(outline(made)).toEqual([MAKE, GRANT, PUBLISH, COPY, SETTLE]);
  expect(made.findings).toEqual([]);
  const [make, grant, publish, copy, settle] = made.changes;
  expect(make!.operation).toMatchObject({ kind: 'make-table', table: NOTE, rights: null });
  expect(sqlOf(grant!)).toEqual(['GRANT SELECT ON "public"."newer" TO "acas_demo"']);
  expect(sqlOf(publish!)).toEqual([
    "SET LOCAL lock_timeout = '1s'",
    'LOCK TABLE ONLY "public"."newer" IN SHARE ROW EXCLUSIVE MODE',
    'ALTER PUBLICATION "acas_demo_shop" ADD TABLE ONLY "public"."newer"',
  ]);
  expect(copy!.operation).toMatchObject({
    kind: 'copy-tables',
    tables: [{ oid: OID, schema: 'public', name: 'newer' }],
  });
  expect(settle!.preview).toEqual(['REVOKE SELECT ON "public"."newer" FROM "acas_demo";']);
});

test('a schema that the role may not use is given with the table, and taken back with it', () => {
  const made = plan(coming({ rights: { ...FACTS.rights!, usage: false } }));
  expect(sqlOf(made.changes[1]!)).toEqual([
    'GRANT USAGE ON SCHEMA "public" TO "acas_demo"',
    'GRANT SELECT ON "public"."newer" TO "acas_demo"',
  ]);
  expect(made.changes.at(-1)!.preview).toEqual([
    'REVOKE SELECT ON "public"."newer" FROM "acas_demo";',
    'REVOKE USAGE ON SCHEMA "public" FROM "acas_demo";',
  ]);
});

test('what the role may read already is given to nobody, and nothing is taken back', () => {
  const rights = { ...FACTS.rights!, usage: true, select: true };
  expect(outline(plan(coming({ rights })))).toEqual([MAKE, PUBLISH, COPY]);
});

test.each<[string, Observation, string[]]>([
  [
    'noted and made',
    noted(coming({ namesake: { kind: 'r', hasRows: false, definition: DEFINITION, takenBy: null } }), [NOTE]),
    [MAKE.replace('+', '~'), GRANT, PUBLISH, COPY, SETTLE],
  ],
  ['published', published(noted(coming(), [NOTE])), [GRANT, COPY, SETTLE]],
  [
    'published and readable',
    published(noted(coming({ rights: { ...FACTS.rights!, select: true } }), [NOTE])),
    [COPY, SETTLE],
  ],
  ['compared', published(noted(coming(), [{ ...NOTE, compared: COMPARED }])), [SETTLE]],
  ['settled', published(noted(coming(), [{ oid: OID, schema: 'public', name: 'newer', compared: COMPARED }])), []],
])('a run that died after it was %s is carried on', (_, observation, expected) => {
  const made = plan(observation);
  expect(outline(made)).toEqual(expected);
  expect(made.findings).toEqual([]);
});

test('what was given by a run that died is taken back, although it is there by now', () => {
  const rights = { ...FACTS.rights!, usage: true, select: true };
  const made = plan(noted(coming({ rights }), [NOTE]));
  expect(made.changes.at(-1)!.preview).toEqual(['REVOKE SELECT ON "public"."newer" FROM "acas_demo";']);
});

test('what left the source or the selection before it was published is forgotten, with its rights', () => {
  const gone = noted(following(contract), [NOTE]);
  const observation = edit(gone, ({ source }) => (source.newTables = { [SUBSCRIPTION]: [] }));
  const made = plan(observation);
  expect(outline(made)).toEqual([SETTLE]);
  expect(made.changes[0]!.operation).toMatchObject({ kind: 'settle-tables', forgotten: [OID] });
});

test('one that was compared and dropped is forgotten; one that was taken out is refused', () => {
  const compared = noted(following(contract), [{ oid: OID, schema: 'public', name: 'newer', compared: COMPARED }]);
  const looked = edit(compared, ({ source }) => (source.newTables = { [SUBSCRIPTION]: [] }));
  expect(outline(plan(looked))).toEqual([SETTLE]);
  const there = edit(looked, ({ source }) => source.databases.shop!.tables.push(table('newer', { oid: OID })));
  expect(codes(plan(there))).toEqual(['PUBLICATION_ALTERED']);
  expect(findingOf(plan(there), 'PUBLICATION_ALTERED').seen).toContain('public.newer left');
});

test('what somebody else publishes is theirs', () => {
  expect(codes(plan(published(coming())))).toEqual(['PUBLICATION_ALTERED']);
});

test('nothing is added where nobody looked, or the stream is not proven: that is told as before', () => {
  const unlooked = edit(coming(), ({ source }) => delete source.newTables);
  expect([outline(plan(unlooked)), codes(plan(unlooked), 'warn')]).toEqual([[], ['TABLES_NOT_REPLICATED']]);
  const disabled = edit(
    coming(),
    ({ target }) => (target!.databases.shop!.streams[SUBSCRIPTION]!.subscription!.enabled = false),
  );
  const { changes, findings } = plan(disabled);
  expect(changes.map(({ operation }) => operation.kind)).not.toContain('make-table');
  expect(findings.map(({ code }) => code)).toContain('TABLES_NOT_REPLICATED');
});

test('in a plan that lets held streams go on nothing is added', () => {
  expect(
    outline(
      planApply(
        contract,
        edit(coming(), ({ source }) => delete source.newTables),
        {},
        true,
      ),
    ),
  ).toEqual([]);
});

test('tables are made after those that they reference; in a circle one goes without the key', () => {
  const named = (name: string, ...others: string[]) => ({
    ...FACTS,
    name,
    definition: {
      ...DEFINITION,
      name,
      constraints: others.map((other) => ({
        name: `${name}_${other}`,
        kind: 'f' as const,
        definition: '',
        comment: null,
        referenced: { schema: 'public', name: other },
      })),
    },
  });
  const made = (...tables: ReturnType<typeof named>[]) =>
    inOrder(tables).map(({ name, references }) => [name, ...references.map((one) => one.name)]);
  expect(made(named('a', 'b', 'c'), named('b', 'c'), named('c'))).toEqual([['c'], ['b', 'c'], ['a', 'b', 'c']]);
  expect(made(named('a', 'b'), named('b', 'a'))).toEqual([['b'], ['a', 'b']]);
});

test('verify compares it once it was compared, and names it before', () => {
  const [of] = streamsOf(contract);
  const scope = (observation: Observation) => verifyScope(contract, observation, factsOf(contract, observation, of!));
  const names = (tables: readonly { name: string }[]) => tables.map(({ name }) => name);
  const arriving = scope(published(noted(coming(), [NOTE])));
  expect([names(arriving.tables), names(arriving.notReplicated), names(arriving.newTables)]).toEqual([
    ['customers', 'orders'],
    ['newer'],
    [],
  ]);
  expect(arriving.notReplicated[0]!.reason).toBe('being added to the stream, and not compared yet');
  const there = scope(published(noted(coming(), [{ ...NOTE, compared: COMPARED }])));
  expect([names(there.tables), names(there.notReplicated), there.doubts]).toEqual([
    ['customers', 'orders', 'newer'],
    [],
    [],
  ]);
});

test('wherever runs die, the next ones end at the same place, and each step is made once', () => {
  const end = (crashes: readonly number[]) => {
    let world = coming();
    for (const survives of [...crashes, Infinity]) {
      const made = plan(world);
      expect(made.findings).toEqual([]);
      for (const change of made.changes.slice(0, survives)) world = carryOut(contract, world, change);
    }
    expect(outline(plan(world))).toEqual([]);
    const { stream } = streamsOf(contract)[0]!;
    const { comment } = world.target!.databases.shop!.streams[stream.subscription]!.subscription!;
    return [comment, world.source.databases.shop!.publications[0]!.tables.length];
  };
  const undisturbed = end([]);
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 6 }), (crashes) => expect(end(crashes)).toEqual(undisturbed)),
    { numRuns: 100 },
  );
});

test.each([
  ['a teardown', planTeardown],
  ['a reset', planReset],
] as const)('%s takes back what was given for the copy, before the note of it goes', (_, planOf) => {
  const ids = planOf(contract, noted(coming(), [NOTE])).changes.map(({ id }) => id);
  const rights = ids.indexOf(`source/shop/copy-rights/${SUBSCRIPTION}`);
  expect(rights).toBeGreaterThanOrEqual(0);
  expect(rights).toBeLessThan(ids.indexOf(`target/shop/subscription/${SUBSCRIPTION}`));
  const gone = edit(noted(coming(), [NOTE]), ({ source }) => void source.databases.shop!.tables.pop());
  expect(planOf(contract, gone).changes.map(({ id }) => id)).not.toContain(ids[rights]);
});
