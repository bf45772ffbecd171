import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from '../folder';

/** What PostgreSQL says of its own parameters, by major version; made by `npm run parameters`. */
export const POSTGRESQL_TABLE = join(FOLDER, 'parameters', 'postgresql.tsv');
/** What AWS lists for Aurora PostgreSQL, with its sources. */
const AURORA_TABLE = join(FOLDER, 'parameters', 'aurora.tsv');

export type ApplyType = 'static' | 'dynamic';
export type ValueType = 'boolean' | 'integer' | 'float' | 'string' | 'list';

/** What a row of either table says of a parameter. */
export interface Row {
  readonly applyType: ApplyType;
  readonly type: ValueType;
  readonly min?: number;
  readonly max?: number;
  /** Of its numbers, as PostgreSQL writes it: kB, 8kB, ms. */
  readonly unit?: string;
  /** All that it takes; absent: any. */
  readonly values?: readonly string[];
}

export interface PostgresqlRow extends Row {
  readonly from: number;
  readonly to: number;
}

export interface AuroraRow extends Row {
  /** AWS lists it, and lets nobody change it. */
  readonly fixed: boolean;
}

interface Tables {
  readonly postgresql: ReadonlyMap<string, readonly PostgresqlRow[]>;
  readonly aurora: ReadonlyMap<string, AuroraRow>;
}

let read: Tables | undefined;

/** Both tables, read once. */
export function tables(): Tables {
  read ??= { postgresql: postgresqlRows(), aurora: auroraRows() };
  return read;
}

function postgresqlRows(): Map<string, PostgresqlRow[]> {
  const rows = new Map<string, PostgresqlRow[]>();
  for (const [name = '', majors = '', applyType, type, min, max, unit, values] of lines(POSTGRESQL_TABLE)) {
    const [from = 0, to = 0] = majors.split('-').map(Number);
    const row = { from, to, ...rowOf(applyType, type, min, max, values), unit: unit || undefined };
    rows.set(name, [...(rows.get(name) ?? []), row]);
  }
  return rows;
}

function auroraRows(): Map<string, AuroraRow> {
  return new Map(
    lines(AURORA_TABLE).map(([name = '', applyType, type, min, max, values, fixed]) => [
      name,
      { ...rowOf(applyType, type, min, max, values), fixed: fixed === 'fixed' },
    ]),
  );
}

function rowOf(applyType = '', type = '', min = '', max = '', values = ''): Row {
  return {
    applyType: applyType as ApplyType,
    type: type as ValueType,
    min: min === '' ? undefined : Number(min),
    max: max === '' ? undefined : Number(max),
    values: values === '' ? undefined : values.split(','),
  };
}

function lines(file: string): string[][] {
  const all = readFileSync(file, 'utf8').split('\n');
  return all.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));
}
