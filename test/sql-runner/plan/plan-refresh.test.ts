import { createColors } from 'picocolors';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type Plan } from '../../../sql-runner/model/plan';
import { ALL_VIEWS, type DatabaseViews, type ViewsWanted } from '../../../sql-runner/model/views';
import { changesApart } from '../../../sql-runner/plan/changes-apart';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { FORMAT_VERSION } from '../../../sql-runner/render/format-version';
import { planText } from '../../../sql-runner/render/plan-text';
import { planJson } from '../../../sql-runner/render/run-json';
import { planDocument } from '../../../sql-runner/render/schemas/plan';
import { sourceContract } from '../support/contract';
import { cloned, following } from '../support/observations';
import { materializedView } from '../support/views';

const contract = sourceContract();
const [first, second] = contract.links.map(({ database }) => database) as [string, string];

interface Read extends Partial<DatabaseViews> {
  readonly wanted?: Partial<ViewsWanted>;
  readonly world?: Observation;
}

function plan({ wanted = {}, world = following(contract), ...read }: Read): Plan {
  const none: DatabaseViews = { login: 'acas_admin', clone: [], reads: [], populatedThere: [], refreshed: {} };
  const databases = { [first]: { ...none, ...read }, [second]: none };
  return planFor('refresh', contract, { ...world, views: { wanted: { ...ALL_VIEWS, ...wanted }, databases } });
}

const codes = ({ findings }: Plan) => findings.map(({ code, severity }) => `${code} ${severity}`);
const sql = ({ changes }: Plan) => changes.flatMap(({ preview }) => preview.map((line) => line.split(';')[0]));

test('each is a change of its own, by CONCURRENTLY where that can be', () => {
  const [a, b] = [materializedView('a'), materializedView('b', { hasKey: false })];
  const c = materializedView("it's", { ownerMakesTables: false });
  const planned = plan({ clone: [a, b, c], reads: [{ from: `c${a.oid}`, to: `c${b.oid}`, unknown: null }] });
  expect(sql(planned)).toEqual([
    'REFRESH MATERIALIZED VIEW "public"."b"',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY "public"."a"',
    `REFRESH MATERIALIZED VIEW "public"."it's"`,
  ]);
  expect(planned.changes.map(({ reason }) => reason)).toEqual([
    'under ACCESS EXCLUSIVE: who reads it waits to the end, as it has no unique index of columns and of all rows',
    'under EXCLUSIVE: who reads it goes on reading; it reads public.b',
    'under ACCESS EXCLUSIVE: who reads it waits to the end, as its owner may make no temporary tables',
  ]);
  expect(planned.changes[1]!.operation).toMatchObject({
    after: [b.oid],
    concurrently: true,
    slots: ['acas_demo_shop'],
  });
  expect(codes(planned)).toEqual([]);
  planDocument.parse({ format_version: FORMAT_VERSION, ...planJson(planned) });
});

test('one that is named comes alone, and what it reads is said to be older', () => {
  const [a, b] = [materializedView('a'), materializedView('B')];
  const reads = [{ from: `c${a.oid}`, to: `c${b.oid}`, unknown: null }];
  const planned = plan({ clone: [a, b], reads, wanted: { names: ['public.a'] } });
  expect(planned.changes.map(({ reason }) => reason)).toEqual([
    'under EXCLUSIVE: who reads it goes on reading; it reads public."B", not refreshed by this run: those rows are older ones',
  ]);
  expect(sql(plan({ clone: [a, b], reads, wanted: { names: ['public."B"'] } }))).toHaveLength(1);
  expect(sql(plan({ clone: [a, b], reads, wanted: { names: ['public.B'] } }))).toHaveLength(1);
});

test('one without rows is refreshed where the source has some, or where it is named', () => {
  const [a, b] = [materializedView('a', { populated: false }), materializedView('b', { populated: false })];
  const read = { clone: [a, b], populatedThere: [{ schema: 'public', name: 'a' }] };
  expect([sql(plan(read)), codes(plan(read))]).toEqual([
    ['REFRESH MATERIALIZED VIEW "public"."a"'],
    ['VIEWS_LEFT_EMPTY info'],
  ]);
  const named = plan({ ...read, wanted: { names: ['public.b'] } });
  expect([sql(named), codes(named)]).toEqual([['REFRESH MATERIALIZED VIEW "public"."b"'], []]);
});

test('those that the login may not refresh stand in the way of no other', () => {
  const clone = [
    materializedView('a', { mayRefresh: false }),
    materializedView('b', { enters: false }),
    materializedView('c'),
  ];
  const planned = plan({ clone });
  expect([sql(planned), codes(planned), isBlocked(planned)]).toEqual([
    ['REFRESH MATERIALIZED VIEW CONCURRENTLY "public"."c"'],
    ['VIEWS_NOT_OWNED block'],
    false,
  ]);
  expect(planned.findings[0]!.next).toMatch(
    /GRANT "keeper" TO "acas_admin"[^;]*; GRANT USAGE ON SCHEMA "public" TO "acas_admin";$/,
  );
  expect(isBlocked(plan({ clone: clone.slice(0, 2) }))).toBe(true);
});

test('without any it says so; before the clone follows, and of what is not there, it refreshes nothing', () => {
  expect(planText(plan({}), createColors(false))).toBe(
    'No changes. There is no materialized view that was to be refreshed.',
  );
  const clone = [materializedView('a')];
  expect(codes(plan({ clone, world: cloned(contract) }))).toEqual(['VIEWS_NOT_FOLLOWED block']);
  expect(codes(plan({ clone, world: { ...following(contract), target: null } }))).toEqual(['VIEWS_NOT_FOLLOWED block']);
  const nowhere = plan({ clone, wanted: { names: ['public.a', 'public.z'] } });
  expect([nowhere.changes, codes(nowhere)]).toEqual([[], ['VIEWS_NOT_FOUND block']]);
  expect(nowhere.findings[0]!.seen).toBe('no database of the clone has a materialized view public.z');
  expect(plan({ clone, wanted: { database: 'elsewhere' } }).findings[0]!.seen).toContain('has no database elsewhere');
});

test('when one was refreshed last is said, and makes no plan another one', () => {
  const clone = [materializedView('a')];
  const [before, after] = [
    plan({ clone }),
    plan({ clone, refreshed: { [`target/${first}/materialized-view/public.a`]: '2026-01-01T00:00:00.000Z' } }),
  ];
  expect(before.changes[0]!.preview[0]).toContain('-- when it was refreshed last is not known');
  expect(after.changes[0]!.preview[0]).toContain(
    '-- refreshed by the run that began 2026-01-01T00:00:00.000Z; by others',
  );
  expect([before.fingerprint, changesApart(before.changes, after.changes)]).toEqual([after.fingerprint, null]);
});
