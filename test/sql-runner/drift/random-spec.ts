import * as fc from 'fast-check';

/** A column, table or database in few words, of which facts are made that belong together. */
interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly expression: string | null;
  readonly missing: string | null;
  readonly storage: string | null;
  readonly comment: string | null;
}

export interface TableSpec {
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  readonly keyed: boolean;
  readonly full: boolean;
  readonly unique: readonly string[];
  readonly indexes: readonly string[];
  readonly checks: readonly string[];
  readonly owner: string;
  readonly readers: readonly string[];
  readonly options: readonly string[];
  readonly persistence: 'p' | 'u';
}

export interface Spec {
  readonly tables: readonly TableSpec[];
  readonly labels: readonly string[];
  readonly functions: readonly { name: string; body: string }[];
  readonly views: readonly { name: string; query: string }[];
  readonly extensions: readonly { name: string; version: string }[];
  readonly schemas: readonly string[];
  readonly roles: readonly string[];
}

const name = fc.constantFrom('a', 'b', 'c', 'It', 'x y', 'select', '"q', "it's");
const named = <T>(one: fc.Arbitrary<T & { name: string }>, most: number) =>
  fc.uniqueArray(one, { selector: (value) => value.name, maxLength: most });

const column: fc.Arbitrary<ColumnSpec> = fc.record({
  name,
  type: fc.constantFrom('integer', 'bigint', 'text', 'character varying(9)', 'numeric(8,2)', 'public.mood'),
  notNull: fc.boolean(),
  expression: fc.constantFrom(null, '1', "'x'::text", 'now()'),
  missing: fc.constantFrom(null, '1'),
  storage: fc.constantFrom(null, 'EXTERNAL'),
  comment: fc.constantFrom(null, "it's"),
});

const table: fc.Arbitrary<TableSpec> = fc.record({
  name,
  columns: named(column, 5),
  keyed: fc.boolean(),
  full: fc.boolean(),
  unique: fc.uniqueArray(name, { maxLength: 2 }),
  indexes: fc.uniqueArray(name, { maxLength: 2 }),
  checks: fc.uniqueArray(name, { maxLength: 2 }),
  owner: fc.constantFrom('ann', 'bob'),
  readers: fc.uniqueArray(fc.constantFrom('eve', 'dan'), { maxLength: 2 }),
  options: fc.constantFrom([], ['fillfactor=80']),
  persistence: fc.constantFrom('p', 'p', 'u'),
});

export const spec: fc.Arbitrary<Spec> = fc.record({
  tables: named(table, 4),
  labels: fc.uniqueArray(name, { maxLength: 3 }),
  functions: named(fc.record({ name, body: fc.constantFrom('SELECT 1', 'SELECT 2') }), 2),
  views: named(fc.record({ name, query: fc.constantFrom('SELECT 1 AS x', 'SELECT 2 AS y') }), 2),
  extensions: named(fc.record({ name, version: fc.constantFrom('1.0', '1.1') }), 2),
  schemas: fc.uniqueArray(name, { maxLength: 2 }),
  roles: fc.uniqueArray(name, { maxLength: 2 }),
});
