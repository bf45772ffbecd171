import * as fc from 'fast-check';
import { compareDatabases } from '../../../sql-runner/drift/compare';
import { compareRoles } from '../../../sql-runner/drift/compare-server';
import type { Difference } from '../../../sql-runner/drift/difference';
import { KINDS } from '../../../sql-runner/drift/kinds';
import { bothOf, factsOf } from './random-facts';
import { spec, type Spec, type TableSpec } from './random-spec';

const differences = (source: Spec, clone: Spec, replicated = true): Difference[] => [
  ...compareDatabases(bothOf(source, clone, replicated)),
  ...compareRoles(factsOf(source).roles, factsOf(clone).roles),
];

test('whatever a catalog holds, it differs in nothing from itself', () => {
  fc.assert(
    fc.property(spec, fc.boolean(), (one, replicated) => {
      expect(differences(one, one, replicated)).toEqual([]);
    }),
  );
});

test('of any two catalogs something is found exactly when they are not the same, from either side', () => {
  fc.assert(
    fc.property(spec, spec, (one, other) => {
      const same = JSON.stringify(comparable(one)) === JSON.stringify(comparable(other));
      expect([differences(one, other).length === 0, differences(other, one).length === 0]).toEqual([same, same]);
    }),
    { numRuns: 100 },
  );
});

/** What order things are listed in, and which type no table has, decides nothing. */
function comparable(one: Spec): unknown {
  const byName = <T extends { name: string }>(list: readonly T[]) =>
    [...list].sort((a, b) => a.name.localeCompare(b.name));
  return {
    ...one,
    tables: byName(one.tables).map((table) => ({
      ...table,
      keyed: table.keyed && table.columns.length > 0 ? table.columns[0]!.name : false,
      columns: byName(
        table.columns.map((column, at) => ({ ...column, notNull: column.notNull || (table.keyed && at === 0) })),
      ),
      ...{ unique: [...table.unique].sort(), indexes: [...table.indexes].sort(), checks: [...table.checks].sort() },
      readers: [...table.readers].sort(),
    })),
    ...{ functions: byName(one.functions), views: byName(one.views), extensions: byName(one.extensions) },
    ...{ schemas: [...one.schemas].sort(), roles: [...one.roles].sort() },
  };
}

/** One thing of a table, or beside it, that is made another. */
const MUTATIONS: readonly ((one: Spec) => Spec)[] = [
  ...(['type', 'notNull', 'expression', 'missing', 'storage', 'comment'] as const).map(
    (what) => (one: Spec) =>
      withTable(one, (table) => ({
        ...table,
        columns: table.columns.map((column, at) =>
          at === 0
            ? { ...column, [what]: what === 'notNull' ? !column.notNull : what === 'type' ? 'date' : '77' }
            : column,
        ),
      })),
  ),
  (one) => withTable(one, (table) => ({ ...table, columns: table.columns.slice(1) })),
  (one) =>
    withTable(one, (table) => ({ ...table, columns: [...table.columns, { ...table.columns[0]!, name: 'new' }] })),
  (one) => withTable(one, (table) => ({ ...table, full: !table.full })),
  ...(['unique', 'indexes', 'checks'] as const).map(
    (what) => (one: Spec) => withTable(one, (table) => ({ ...table, [what]: [...table[what], 'new'] })),
  ),
  (one) => withTable(one, (table) => ({ ...table, owner: 'zoe' })),
  (one) => withTable(one, (table) => ({ ...table, readers: [...table.readers, 'zoe'] })),
  (one) => withTable(one, (table) => ({ ...table, options: ['fillfactor=33'] })),
  (one) => ({ ...one, tables: one.tables.slice(1) }),
  (one) => ({ ...one, labels: [...one.labels, 'new'] }),
  (one) => ({ ...one, functions: [...one.functions, { name: 'new', body: 'SELECT 3' }] }),
  (one) => ({ ...one, views: [...one.views, { name: 'new', query: 'SELECT 3 AS z' }] }),
  (one) => ({ ...one, extensions: one.extensions.map((ext) => ({ ...ext, version: '9' })) }),
  (one) => ({ ...one, schemas: [...one.schemas, 'new'] }),
  (one) => ({ ...one, roles: [...one.roles, 'new'] }),
];
const withTable = (one: Spec, change: (table: TableSpec) => TableSpec): Spec => ({
  ...one,
  tables: one.tables.map((table, at) => (at === 0 ? change(table) : table)),
});

test('one thing that is another is found, in whatever catalog and on either side', () => {
  const rich = spec.filter(({ tables, extensions }) => (tables[0]?.columns.length ?? 0) > 1 && extensions.length > 0);
  fc.assert(
    fc.property(rich, fc.constantFrom(...MUTATIONS), (one, mutate) => {
      const other = mutate(one);
      fc.pre(JSON.stringify(comparable(other)) !== JSON.stringify(comparable(one)));
      expect([differences(one, other).length, differences(other, one).length]).not.toContain(0);
    }),
    { numRuns: 400 },
  );
});

test('every difference says what heals it or what to do instead, and nothing that contradicts itself', () => {
  fc.assert(
    fc.property(spec, spec, fc.boolean(), (one, other, replicated) => {
      for (const found of differences(one, other, replicated)) {
        expect(found.statements.length > 0 || found.next !== null).toBe(true);
        expect(found.source === null && found.clone === null).toBe(false);
        expect(found.mark).toBe(found.clone === null ? '+' : found.source === null ? '-' : '~');
        // What has to come first can never wait for what comes after it.
        if (found.survives === 'stops') expect(found.when).not.toBe('in sync');
        if (!replicated && found.table !== null) expect(found.survives).toBe('continues');
        expect(Object.keys(KINDS)).toContain(found.kind);
        for (const statement of found.statements) expect(statement).not.toMatch(/;$/);
        // The clone is put right, never the source; and nobody's rows are thrown away to do so.
        expect(found.statements.join(' ')).not.toMatch(/DROP TABLE|TRUNCATE|DELETE/);
      }
    }),
    { numRuns: 100 },
  );
});

test('thousands of tables are compared in a second or two, ten times as many in ten times the time', () => {
  const table = (at: number): TableSpec => ({
    name: `t${at}`,
    columns: ['id', 'n', 'note'].map((name) => ({
      ...{ name, type: 'text', notNull: false, expression: null, missing: null, storage: null, comment: null },
    })),
    ...{
      keyed: true,
      full: false,
      unique: ['n'],
      indexes: ['note'],
      checks: ['n'],
      owner: 'ann',
      readers: [],
      options: [],
      persistence: 'p',
    },
  });
  const many = (count: number): Spec => ({
    tables: Array.from({ length: count }, (_, at) => table(at)),
    ...{ labels: [], functions: [], views: [], extensions: [], schemas: [], roles: [] },
  });
  const timed = (count: number): number => {
    const both = bothOf(many(count), many(count), true);
    const began = process.cpuUsage();
    expect(compareDatabases(both)).toEqual([]);
    return process.cpuUsage(began).user / 1_000;
  };
  const [small, large] = [timed(400), timed(4_000)];
  expect(large).toBeLessThan(3_000);
  expect(large).toBeLessThan(40 * Math.max(small, 5));
});
