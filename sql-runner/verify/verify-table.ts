import { batches, mismatchingBuckets, readBucketSums } from './buckets';
import { planTable, readShapes, sameShapes } from './plan-table';
import { onlyOnTarget } from './shape-drift';
import { Search, type SearchInput } from './search';
import type { TableVerdict } from './types';

export interface TableInput extends SearchInput {
  /** Random, the same for every table of a run. */
  readonly seed: bigint;
}

export type Finding = Omit<TableVerdict, 'schema' | 'name' | 'seconds'>;

/** Rows held in memory per side while buckets are compared row by row. */
const ROWS_PER_BATCH = 100_000;

/** What is known of a table that was not read. */
export const NOTHING = { rows: 0, buckets: 0, rechecked: 0, differences: [], moreDifferences: false } as const;

const CHANGED = 'the table itself was changed while it was compared (columns, type, key, or another table of its name)';

/** Compares one table: buckets first, then the rows of those that do not match, then the rows that do not. */
export async function verifyTable(input: TableInput): Promise<Finding> {
  const { pair, table } = input;
  const shapes = await readShapes(pair, table);
  const planned = await planTable(pair, table, input.seed, shapes);
  if ('reason' in planned) return { ...NOTHING, ...planned };
  input.emit({ kind: 'reading', table, estimatedRows: planned.shape.estimatedRows });
  const { source, target } = await readBucketSums(pair, planned);
  const mismatches = mismatchingBuckets(source, target);
  const rows = [...source.values()].reduce((sum, bucket) => sum + bucket.rows, 0);
  const buckets = new Set([...source.keys(), ...target.keys()]).size;
  input.emit({ kind: 'buckets-compared', table, rows, buckets, mismatching: mismatches.length });
  const search = new Search(input, planned);
  for (const batch of batches(mismatches, ROWS_PER_BATCH)) {
    if (search.ended) break;
    await search.run(batch);
  }
  // A column that came meanwhile was not compared; a table that came under this name was not either.
  if (!sameShapes(shapes, await readShapes(pair, table))) {
    return { ...NOTHING, status: 'unsettled', rows, buckets, reason: CHANGED };
  }
  const extra = onlyOnTarget(shapes.source!, shapes.target!);
  return { ...search.finding(), rows, buckets, ...(extra.length === 0 ? {} : { onlyOnTarget: extra }) };
}
