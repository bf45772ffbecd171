import type { Random } from '../../lab/workload/random';
import type { Column, KeyColumn, Table } from './table';

export interface Statement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** Collects values and gives each its place in the statement, cast to its column's type. */
class Parameters {
  readonly values: (string | null)[] = [];

  of({ type }: Column, value: string | null): string {
    this.values.push(value);
    return `$${this.values.length}::${type.sql}`;
  }
}

/** One random change of one table. Many of them meet no row; that is as it should be. */
export function randomStatement(random: Random, table: Table): Statement {
  const dice = random.int(0, 99);
  if (dice < 34) return insert(random, table, random.int(1, 3), false);
  if (dice < 62) return update(random, table);
  if (dice < 72) return moveKey(random, table);
  if (dice < 84) return remove(random, table);
  if (dice < 90) return updateAll(random, table);
  if (dice < 94) return insert(random, table, random.int(20, 60), true);
  if (dice < 97) return { text: `DELETE FROM ${table.name} WHERE ${aQuarter(random, table)}`, values: [] };
  if (table.calm) return update(random, table);
  return {
    text: `TRUNCATE ${table.name} ${random.pick(['CASCADE', 'CASCADE', 'RESTART IDENTITY CASCADE'])}`,
    values: [],
  };
}

/** @param wide keys of their own, so that (almost) all rows are new ones */
export function insert(random: Random, table: Table, rows: number, wide: boolean): Statement {
  const parameters = new Parameters();
  const columns = [...table.key, ...table.values];
  const tuples = Array.from({ length: rows }, () => {
    const keys = table.key.map((column) =>
      parameters.of(column, keyValue(random, column, wide && table.parent === null)),
    );
    const others = table.values.map((column) => parameters.of(column, valueFor(random, column)));
    return `(${[...keys, ...others].join(', ')})`;
  });
  const list = columns.map((column) => column.name).join(', ');
  const text = `INSERT INTO ${table.name} (${list}) VALUES ${tuples.join(', ')} ON CONFLICT DO NOTHING`;
  return { text, values: parameters.values };
}

/** Some columns of one row; the large ones are mostly left as they are. */
function update(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const changed = table.values.filter((column) => random.int(0, 9) < (column.type.toasted ? 1 : 6));
  const set = (changed.length > 0 ? changed : table.values.slice(0, 1)).map(
    (column) => `${column.name} = ${parameters.of(column, valueFor(random, column))}`,
  );
  return {
    text: `UPDATE ${table.name} SET ${set.join(', ')} WHERE ${whereKey(random, table, parameters)}`,
    values: parameters.values,
  };
}

/** Another key for a row: a new identity on the clone, and in a partitioned table often another partition. */
function moveKey(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const column = random.pick(table.key);
  const set = `${column.name} = ${parameters.of(column, keyValue(random, column, random.int(0, 4) === 0))}`;
  return {
    text: `UPDATE ${table.name} SET ${set} WHERE ${whereKey(random, table, parameters)}`,
    values: parameters.values,
  };
}

function updateAll(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const column = random.pick(table.values.filter(({ type }) => !type.toasted).concat(table.values.slice(0, 1)));
  const set = `${column.name} = ${parameters.of(column, valueFor(random, column))}`;
  return { text: `UPDATE ${table.name} SET ${set} WHERE ${aQuarter(random, table)}`, values: parameters.values };
}

function remove(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  return { text: `DELETE FROM ${table.name} WHERE ${whereKey(random, table, parameters)}`, values: parameters.values };
}

function aQuarter(random: Random, { key }: Table): string {
  return `hashtext(${key[0]!.name}::text) & 3 = ${random.int(0, 3)}`;
}

/** The whole key names one row; of a long key only its first column, which names a few. */
function whereKey(random: Random, { key }: Table, parameters: Parameters): string {
  const named = key.length > 1 && random.int(0, 1) === 0 ? key.slice(0, 1) : key;
  return named
    .map((column) => `${column.name} = ${parameters.of(column, keyValue(random, column, false))}`)
    .join(' AND ');
}

function keyValue(random: Random, column: KeyColumn, wide: boolean): string | null {
  return wide ? column.wide(random) : column.type.value(random);
}

function valueFor(random: Random, { type, nullable }: Column): string | null {
  return nullable && random.int(0, 4) === 0 ? null : type.value(random);
}
