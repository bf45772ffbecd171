import { planTable, readShapes, sameShapes } from './plan-table';
import { settle, type Settled } from './settle';
import { onlyOnTarget } from './shape-drift';
import type { Pair } from './sides';
import type { TableShape } from './table-shape';
import type { TablePlan } from './table-sql';
import type { Side, TableRef } from './types';

/** Rows of one table that somebody has named, as they stand by now. */
export interface NamedRows {
  readonly plan: TablePlan;
  readonly shapes: Readonly<Record<Side, TableShape | null>>;
  readonly ids: readonly string[];
  readonly settled: Settled;
  /** Columns of the target that the source has none of. */
  readonly onlyOnTarget: readonly string[];
}

export interface Ids {
  readonly ids: readonly string[];
}

export interface NotNamed {
  readonly why: string;
}

export interface NamedRowsInput {
  readonly pair: Pair;
  readonly table: TableRef;
  /** Makes the ids once it is known which columns the key has. */
  readonly idsOf: (shape: TableShape) => Ids | NotNamed;
  readonly slotName: string;
  /** The same for every reading that is compared. */
  readonly seed: bigint;
  readonly timeoutMs: number;
}

/** Judges these rows, and no others, as a comparison of the whole table does. */
export async function judgeNamedRows(input: NamedRowsInput): Promise<NamedRows | NotNamed> {
  const { pair, table, slotName, seed, timeoutMs } = input;
  const shapes = await readShapes(pair, table);
  const plan = await planTable(pair, table, seed, shapes);
  if ('reason' in plan) return { why: plan.reason };
  const named = input.idsOf(plan.shape);
  if ('why' in named) return named;
  const { ids } = named;
  const settled = await settle({ pair, plan, slotName, timeoutMs, onRound: () => undefined }, ids);
  if (!sameShapes(shapes, await readShapes(pair, table)))
    return { why: 'the table itself is being changed (columns, type, key, or another table of its name)' };
  return { plan, shapes, ids, settled, onlyOnTarget: onlyOnTarget(shapes.source!, shapes.target!) };
}

/** The names of rows by which they are asked for; see row-key.ts. Each once. Pure. */
export function idsOfKeys(shape: TableShape, keys: readonly Readonly<Record<string, string>>[]): Ids | NotNamed {
  const names = shape.key.map(({ name }) => name);
  if (names.length === 0) return { why: 'it has no primary key and no replica identity index by which a row is named' };
  const other = keys.find((key) => Object.keys(key).sort().join('\0') !== [...names].sort().join('\0'));
  if (other !== undefined)
    return { why: `its key is (${names.join(', ')}), and rows are named by (${Object.keys(other).join(', ')})` };
  return { ids: [...new Set(keys.map((key) => JSON.stringify(names.map((name) => key[name]))))] };
}
