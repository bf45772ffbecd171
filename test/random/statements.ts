import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';
import { moveKey } from './move-key';
import { keyValue, Parameters, type Statement, valueFor, whereKey } from './statement';
import type { Column, Table } from './table';
import { truncate } from './truncate';

/** One random change of one of the tables. Many of them meet no row; that is as it should be. */
export function randomStatement(random: Random, tables: readonly Table[]): Statement {
  const table = random.pick(tables);
  const dice = random.int(0, 99);
  if (dice < 34) return insert(random, table, random.int(1, 3), false);
  if (dice < 60) return update(random, table);
  if (dice < 72) return moveKey(random, table);
  if (dice < 83) return remove(random, table);
  if (dice < 89) return updateAll(random, table);
  if (dice < 93) return insert(random, table, random.int(20, 60), true);
  if (dice < 96) return removeAll(random, table);
  return table.calm ? update(random, table) : truncate(random, table, tables);
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
  return {
    text: `INSERT INTO ${table.name} (${list}) VALUES ${tuples.join(', ')} ON CONFLICT DO NOTHING`,
    values: parameters.values,
    shows: [...parameters.features, ...computedBy(table), ...placesOf(table, parameters.values)],
    rows,
  };
}

function computedBy({ computed }: Table): Feature[] {
  const kinds: Feature[] = ['generated column', 'identity column'];
  return kinds.slice(0, computed.length);
}

/** The first key column names the partition, and the one of 'north' has partitions itself. */
function placesOf({ partitions }: Table, values: Statement['values']): Feature[] {
  return partitions.length > 0 && values[0] === 'north' ? ['row in a second-level partition'] : [];
}

/** Some columns of one row; the large ones are mostly left as they are. */
export function update(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const some = table.values.filter((column) => random.int(0, 9) < (column.type.toasted ? 1 : 6));
  const changed = some.length > 0 ? some : table.values.slice(0, 1);
  const set = changed.map((column) => `${column.name} = ${parameters.of(column, valueFor(random, column))}`);
  const shows: Feature[] = [...parameters.features, `replica identity ${table.identity}: UPDATE`];
  return {
    text: `UPDATE ${table.name} SET ${set.join(', ')} WHERE ${whereKey(random, table, parameters)}${returningKept(table, changed)}`,
    values: parameters.values,
    shows,
    rows: 1,
  };
}

/** Rows with a large value that the statement does not touch: the stream says "unchanged" instead of it. */
function returningKept(table: Table, changed: readonly Column[]): string {
  const kept = table.values.filter((column) => column.type.toasted && !changed.includes(column));
  if (kept.length === 0) return '';
  const large = kept.map(({ name }) => `octet_length(${name}) > 2100`).join(' OR ');
  return ` RETURNING CASE WHEN ${large} THEN 'TOASTed value left unchanged' END AS shows`;
}

function updateAll(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const column = random.pick(table.values.filter(({ type }) => !type.toasted).concat(table.values.slice(0, 1)));
  const set = `${column.name} = ${parameters.of(column, valueFor(random, column))}`;
  return {
    text: `UPDATE ${table.name} SET ${set} WHERE ${aQuarter(random, table)}${returningKept(table, [column])}`,
    values: parameters.values,
    shows: [...parameters.features, `replica identity ${table.identity}: UPDATE`],
    rows: 1,
  };
}

function remove(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const text = `DELETE FROM ${table.name} WHERE ${whereKey(random, table, parameters)}`;
  return { text, values: parameters.values, shows: [`replica identity ${table.identity}: DELETE`], rows: 1 };
}

function removeAll(random: Random, table: Table): Statement {
  const text = `DELETE FROM ${table.name} WHERE ${aQuarter(random, table)}`;
  return { text, values: [], shows: [`replica identity ${table.identity}: DELETE`], rows: 1 };
}

function aQuarter(random: Random, { key }: Table): string {
  return `hashtext(${key[0]!.name}::text) & 3 = ${random.int(0, 3)}`;
}
