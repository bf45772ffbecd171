import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';
import { keyValue, Parameters, type Statement, whereKey } from './statement';
import type { KeyColumn, Table } from './table';

/** Another key for a row: a new identity on the clone, and in a partitioned table often another partition. */
export function moveKey(random: Random, table: Table): Statement {
  const parameters = new Parameters();
  const column = random.pick(table.key);
  const value = parameters.of(column, keyValue(random, column, random.int(0, 4) === 0));
  const where = `${whereKey(random, table, parameters)} AND ${column.name} <> ${value}`;
  const update = `UPDATE ${table.name} SET ${column.name} = ${value} WHERE ${where}`;
  return {
    text: table.partitions.length === 0 ? update : `${before(table, where)} ${update} ${RETURNING_MOVED}`,
    values: parameters.values,
    shows: [`replica identity ${table.identity}: UPDATE of the key`, ...kindOf(table, column)],
    rows: 1,
  };
}

/** RETURNING knows the row's new place only; both parts of the statement see the same snapshot. */
function before({ name }: Table, where: string): string {
  return `WITH before AS MATERIALIZED (SELECT tableoid AS place FROM ${name} WHERE ${where})`;
}

const RETURNING_MOVED = `RETURNING CASE WHEN tableoid <> ALL (ARRAY(SELECT place FROM before))
  THEN 'row moved between partitions' END AS shows`;

function kindOf({ key }: Table, column: KeyColumn): Feature[] {
  const kinds: Feature[] = [];
  if (column.type.sql === 'text') kinds.push('text key changed');
  if (key.length > 1) kinds.push('composite key changed');
  return kinds;
}
