import { BUILT_IN, columnsOver, OWN_TYPES, OWN_TYPES_DDL } from '../sql-runner/verify/every-type';
import type { Dice } from './dice';

/** A column of each type, and of arrays of it. */
export const COLUMNS = columnsOver({ ...BUILT_IN, ...OWN_TYPES }).map((column, i) => ({ ...column, name: `c${i}` }));

/** Rows that only faults touch have ids up to here; writers keep to WRITTEN, extra rows are beyond. */
export const STILL = 120;
export const WRITTEN = { first: 500, last: 620 };
export const EXTRA = 100_000;

export interface SweepTable {
  readonly name: string;
  /** How rows are told apart: by an integer, by a text, or not at all. */
  readonly key: 'id' | 'k' | null;
  readonly columns: typeof COLUMNS;
}

/** Tables of `width` columns. All of them are dealt out in turn, so that none is left out if there is room for each. */
export function sweepTables(count: number, width: number): SweepTable[] {
  return Array.from({ length: count }, (_, i) => {
    const dealt = new Set(Array.from({ length: width }, (_, n) => (i * width + n) % COLUMNS.length));
    const columns = COLUMNS.filter(({ type }, n) => dealt.has(n) || type === 'pg_catalog."int8"');
    return { name: `sweep_${i}`, key: (['id', 'k', null] as const)[i % 3]!, columns };
  });
}

export const namesOf = (columns: typeof COLUMNS): string => columns.map(({ name }) => name).join(', ');

export function sweepDdl(tables: readonly SweepTable[]): string {
  const declared = (columns: typeof COLUMNS): string =>
    columns.map(({ name, type, collation }) => `${name} ${type} ${collation}`).join(', ');
  const create = tables.map(({ name, key, columns }) => {
    const identity =
      key === null ? `ALTER TABLE ${name} REPLICA IDENTITY FULL` : `ALTER TABLE ${name} ADD PRIMARY KEY (${key})`;
    return `CREATE TABLE ${name} (id int NOT NULL, k text NOT NULL, ${declared(columns)}); ${identity}`;
  });
  return `${OWN_TYPES_DDL} ${create.join('; ')}; CREATE TABLE pattern (id int, k text, ${declared(COLUMNS)})`;
}

/** Statements that fill the tables on the source: the same rows in each, in another order. */
export function fillSql(tables: readonly SweepTable[], dice: Dice): string[] {
  const value = ({ values }: (typeof COLUMNS)[number]): string => dice.pick([...values, 'NULL']);
  const rows = Array.from(
    { length: STILL },
    (_, i) => `(${[i + 1, `'key ${i + 1}'`, ...COLUMNS.map(value)].join(', ')})`,
  );
  return [
    ...rows.map((row) => `INSERT INTO pattern VALUES ${row}`),
    ...tables.map(
      ({ name, columns }) =>
        `INSERT INTO ${name} SELECT id, k, ${namesOf(columns)} FROM pattern ORDER BY md5(id::text || '${name}')`,
    ),
    // What has no key may be there twice.
    ...tables.flatMap(({ name, key, columns }) =>
      key === null ? [`INSERT INTO ${name} SELECT id, k, ${namesOf(columns)} FROM pattern WHERE id > 110`] : [],
    ),
    'ANALYZE',
  ];
}
