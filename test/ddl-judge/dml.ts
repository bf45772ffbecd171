import type { Random } from '../../lab/workload/random';
import type { Scene, SceneTable } from './scene';
import { valueOf } from './values';

/** One change of rows; null where the table takes none that the judge can make up. */
export function randomDml(random: Random, scene: Scene): string | null {
  const tables = scene.tables.filter(({ parent, partitioned }) => parent === null || !partitioned);
  if (tables.length === 0) return null;
  const table = random.pick(tables);
  const dice = random.int(0, 99);
  if (dice < 50) return insert(random, table, random.int(1, 4));
  if (table.identity === 'n' || (table.identity === 'd' && table.key === null)) return insert(random, table, 1);
  if (dice < 82) return update(random, table);
  return `DELETE FROM ${table.name} WHERE ctid = ${someRow(random, table)}`.replace(
    'WHERE ctid',
    `WHERE (tableoid, ctid)`,
  );
}

function insert(random: Random, table: SceneTable, rows: number): string | null {
  const columns = table.columns.filter(
    ({ computed, hasDefault }) => !computed && !(hasDefault && random.int(0, 2) === 0),
  );
  const tuples = Array.from({ length: rows }, () => columns.map((column) => valueOf(random, column)));
  if (columns.length === 0 || tuples.some((tuple) => tuple.includes(null))) return null;
  const list = columns.map(({ name }) => name).join(', ');
  const values = tuples.map((tuple) => `(${tuple.join(', ')})`).join(', ');
  return `INSERT INTO ${table.name} (${list}) VALUES ${values} ON CONFLICT DO NOTHING`;
}

function update(random: Random, table: SceneTable): string | null {
  const free = table.columns.filter(({ computed }) => !computed);
  const changed = free.filter(() => random.int(0, 2) === 0);
  const set = (changed.length > 0 ? changed : free.slice(-1)).map((column) => ({
    column,
    value: valueOf(random, column),
  }));
  if (set.length === 0 || set.some(({ value }) => value === null)) return null;
  const list = set.map(({ column, value }) => `${column.name} = ${value}`).join(', ');
  return `UPDATE ${table.name} SET ${list} WHERE (tableoid, ctid) = ${someRow(random, table)}`;
}

/** The same row in every replay of a seed, whatever its columns are, also where it has an equal one. */
function someRow(random: Random, { name }: SceneTable): string {
  return `(SELECT tableoid, ctid FROM ${name} AS r ORDER BY r::text COLLATE "C" OFFSET ${random.int(0, 9)} LIMIT 1)`;
}
