import type { Client, QueryResult } from 'pg';
import type { Random } from '../../lab/workload/random';
import type { Feature } from './features';
import type { Column, KeyColumn, Table } from './table';

export interface Statement {
  readonly text: string;
  readonly values: readonly (string | null)[];
  /** What it is an example of when it concerns at least `rows` rows. */
  readonly shows: readonly Feature[];
  readonly rows: number;
}

/**
 * @returns what the statement turned out to be an example of. Rows that come
 *   back may add to it, in a column `shows`: some things only the server knows.
 */
export async function execute(client: Client, statement: Statement): Promise<Feature[]> {
  const answer = await client.query<{ shows: Feature | null }>(statement.text, [...statement.values]);
  // Several statements in one text have several results, which the types of pg do not tell.
  const results: QueryResult<{ shows: Feature | null }>[] = [answer].flat();
  const named = results.flatMap(({ rows }) => rows.flatMap(({ shows }) => shows ?? []));
  const concerned = results.at(-1)?.rowCount ?? 0;
  return [...(concerned >= statement.rows ? statement.shows : []), ...new Set(named)];
}

/** Collects values and gives each its place in the statement, cast to its column's type. */
export class Parameters {
  readonly values: (string | null)[] = [];
  private readonly seen = new Set<Feature>();

  of({ type }: Column, value: string | null): string {
    this.values.push(value);
    if (value !== null && type.shows !== undefined) this.seen.add(type.shows);
    for (const feature of ofValue(type.sql, value)) this.seen.add(feature);
    return `$${this.values.length}::${type.sql}`;
  }

  /** What the values are examples of. */
  get features(): readonly Feature[] {
    return [...this.seen];
  }
}

function ofValue(type: string, value: string | null): Feature[] {
  if (value === null) return ['NULL'];
  if (value === '') return /^(text|varchar)/.test(type) ? ['empty string'] : [];
  if (value === 'NaN') return ['NaN'];
  return /^-?infinity$/i.test(value) ? ['infinity'] : [];
}

/** The whole key names one row; of a long key only its first column, which names a few. */
export function whereKey(random: Random, { key }: Table, parameters: Parameters): string {
  const named = key.length > 1 && random.int(0, 1) === 0 ? key.slice(0, 1) : key;
  return named
    .map((column) => `${column.name} = ${parameters.of(column, keyValue(random, column, false))}`)
    .join(' AND ');
}

export function keyValue(random: Random, column: KeyColumn, wide: boolean): string | null {
  return wide ? column.wide(random) : column.type.value(random);
}

export function valueFor(random: Random, { type, nullable }: Column): string | null {
  return nullable && random.int(0, 4) === 0 ? null : type.value(random);
}
