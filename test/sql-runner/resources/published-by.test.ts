import { streamsOf } from '../../../sql-runner/model/streams';
import { refuses } from '../../../sql-runner/model/steps';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import type { Step } from '../../../sql-runner/model/change';
import { planAltered, planPublicationOwner } from '../../../sql-runner/resources/publication-drift';
import { publishedBy, sendsRows } from '../../../sql-runner/resources/published';
import { apartFromSelection } from '../../../sql-runner/resources/selection-moved';
import { findRenamedHeartbeats } from '../../../sql-runner/resources/renamed-heartbeat';
import { TableTree } from '../../../sql-runner/model/table-tree';
import { sourceContract } from '../support/contract';
import { edit, publication, untouched } from '../support/observations';
import { partition, table } from '../support/tables';

/** Compared with servers of all majors in checks/published.test.ts. */
const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
const TABLES = [
  table('orders'),
  table('cache', { persistence: 'unlogged' }),
  table('far', { kind: 'foreign' }),
  table('visits', { kind: 'root' }),
  partition('visits_1', 'visits'),
  partition('visits_2', 'visits', { kind: 'foreign' }),
  table('other', { schema: 'attic' }),
];
const tree = new TableTree(TABLES);
const named = (...names: string[]) => names.map((name) => ({ schema: 'public', name }));
const publishes = (overrides: Parameters<typeof publication>[2]) =>
  publication('acas_demo_shop', null, { tables: [], ...overrides });
const names = (overrides: Parameters<typeof publication>[2]) =>
  publishedBy(publishes(overrides), tree).map(({ table: { name } }) => name);

test('all tables are those in WAL and here, with all parts of a partitioned one', () => {
  expect(names({ allTables: true })).toEqual(['orders', 'visits_1', 'visits_2', 'other']);
});

test('a schema brings its tables, and the parts that they have elsewhere', () => {
  expect(names({ schemas: ['public'] })).toEqual(['orders', 'visits_1', 'visits_2']);
  expect(names({ schemas: ['attic'] })).toEqual(['other']);
  expect(names({})).toEqual([]);
});

test('a table that is named is told by which name, and with what its part leaves out', () => {
  const [orders] = named('orders');
  const list = (overrides: object) => publishedBy(publishes({ tables: [{ ...orders!, ...overrides }] }), tree);
  expect(list({})).toMatchObject([{ uncovered: false, listed: false, named: orders }]);
  expect(list({ uncovered: true, listed: true })).toMatchObject([{ uncovered: true, listed: true }]);
  expect(names({ tables: named('gone', 'visits') })).toEqual(['visits_1', 'visits_2']);
  expect(publishedBy(publishes({ allTables: true }), tree)[0]).toMatchObject({
    uncovered: false,
    listed: false,
    named: null,
  });
});

test('rows are sent of what keeps them here, in WAL', () => {
  expect(TABLES.filter(sendsRows).map(({ name }) => name)).toEqual(['orders', 'visits_1', 'other']);
});

const apart = (overrides: Parameters<typeof publication>[2]) =>
  apartFromSelection(contract, of, publishes(overrides), tree).map(
    ({ code, seen }) => `${code}: ${/select(?:s)? (.*?)(?: in database shop)?, and/.exec(seen)![1]}`,
  );

test('what the environment selects otherwise than the publication has it is named, part by part', () => {
  const everything = {
    tables: [...named('orders'), { schema: 'parts', name: 'visits_1' }, { schema: 'attic', name: 'other' }],
  };
  expect(apart(everything)).toEqual([]);
  expect(apart({ tables: everything.tables.slice(1) })).toEqual(['TABLES_NOT_REPLICATED: public.orders']);
  expect(apart({ tables: [everything.tables[0]!, everything.tables[2]!] })).toEqual([
    'TABLES_NOT_REPLICATED: parts.visits_1',
  ]);
});

const told = (now: Parameters<typeof publishes>[0], then: Parameters<typeof publishes>[0]) =>
  planAltered(contract, of, publishes(now), publishes(then), tree).findings.map(
    ({ seen }) => /is not as the clone inherited it: (.*)$/.exec(seen)![1],
  );

test('what it leaves out is told in words where there are some, of before and of now', () => {
  const altered = { publishesEverything: false, altered: ['it sends no DELETE'] };
  expect(told(altered, {})).toEqual(['it sends no DELETE']);
  expect(told({}, altered)).toEqual(['when the clone was taken it sends no DELETE']);
  expect(told({ publishesEverything: false }, {})).toEqual(['it leaves something out']);
});

test('a table that was renamed on one side is the same by its id; one that was dropped left on its own', () => {
  const one = (name: string, oid?: number) => ({
    tables: [{ schema: 'public', name, ...(oid === undefined ? {} : { oid }) }],
  });
  expect(told(one('orders', 7), one('sales', 7))).toEqual([]);
  expect(told(one('orders', 7), one('orders', 8))).toEqual([
    'public.orders joined, or is not on the clone any more, public.orders left',
  ]);
  expect(told(one('orders'), one('cache'))).toEqual([
    'public.orders joined, or is not on the clone any more, public.cache left',
  ]);
  expect(told(one('orders'), one('gone'))).toEqual(['public.orders joined, or is not on the clone any more']);
});

test('whose publication it is stops no change', () => {
  const foreignOwner = { owner: 'app', login: 'master', mayAlter: false };
  const [finding] = planPublicationOwner(of, publishes({ foreignOwner })).findings;
  expect(finding).toMatchObject({ code: 'PUBLICATION_NOT_OWNED', severity: 'block' });
  expect(refuses(finding!, planApply(contract, untouched(contract)).changes)).toBe(false);
});

test('a partitioned table is published by its name, or by all its parts; without any by its name alone', () => {
  const [empty, whole] = [table('empty', { kind: 'root' }), table('whole', { kind: 'root' })];
  const parts = [partition('w_1', 'whole'), partition('w_2', 'whole')];
  const all = new TableTree([empty, whole, ...parts]);
  const missing = (...tables: { schema: string; name: string }[]) =>
    apartFromSelection(contract, of, publishes({ tables }), all).map(({ seen }) => /selects (.*), and/.exec(seen)![1]);
  expect(missing(empty, whole)).toEqual([]);
  expect(missing(empty, ...parts)).toEqual([]);
  expect(missing(empty, parts[0]!)).toEqual(['public.whole']);
  expect(missing(whole)).toEqual(['public.empty']);
});

test.each<Step>(['publish', 'slot', 'ticket', 'connect'])(
  'with an altered publication, or a heartbeat elsewhere, there is no step: %s',
  (step) => {
    const altered = planAltered(contract, of, publishes({ publishesEverything: false }), null, tree);
    const [change] = planApply(contract, untouched(contract)).changes;
    const operation = { kind: 'sql', place: { side: 'source', database: 'shop' }, guards: [], statements: [] } as const;
    const kinds = { slot: 'create-slot', ticket: 'issue-ticket' } as Record<string, string>;
    const made = kinds[step] === undefined ? { operation, step } : { operation: { kind: kinds[step] } };
    expect(refuses(altered.findings[0]!, [{ ...change!, ...made } as typeof change & object])).toBe(true);
    expect(refuses(altered.findings[0]!, [])).toBe(false);
    const moved = { heartbeatsElsewhere: [{ schema: 'away', table: 'acas_heartbeat' }] };
    const { source } = edit(untouched(contract), (draft) => Object.assign(draft.source.databases.shop!, moved));
    const [renamed] = findRenamedHeartbeats(contract, source, 'source');
    expect(refuses(renamed!, [{ ...change!, ...made } as typeof change & object])).toBe(true);
  },
);
