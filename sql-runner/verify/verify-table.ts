import { batches, mismatchingBuckets, readBucketSums } from './buckets';
import { suspectsInBuckets } from './bucket-rows';
import { describeDifference } from './describe-difference';
import { planTable } from './plan-table';
import { settle, type SettleInput } from './settle';
import type { TablePlan } from './table-sql';
import type { Difference, Pair, TableRef, TableVerdict, VerifyEvent } from './types';

export interface TableInput {
  readonly pair: Pair;
  readonly table: TableRef;
  readonly slotName: string;
  readonly seed: bigint;
  readonly settleTimeoutMs: number;
  readonly maxDifferences: number;
  readonly emit: (event: VerifyEvent) => void;
}

export type Finding = Omit<TableVerdict, 'schema' | 'name' | 'seconds'>;

/** Rows held in memory per side while buckets are compared row by row. */
const ROWS_PER_BATCH = 100_000;
/** Rows read by key in one statement. */
const SUSPECTS_PER_ROUND = 1_000;

/** Compares one table: buckets first, then the rows of those that do not match, then the rows that do not. */
export async function verifyTable(input: TableInput): Promise<Finding> {
  const planned = await planTable(input.pair, input.table, input.seed);
  if ('reason' in planned) return { ...NOTHING, ...planned };
  const { source, target } = await readBucketSums(input.pair, planned);
  const mismatches = mismatchingBuckets(source, target);
  const rows = [...source.values()].reduce((sum, bucket) => sum + bucket.rows, 0);
  const buckets = new Set([...source.keys(), ...target.keys()]).size;
  input.emit({ kind: 'buckets-compared', table: input.table, rows, buckets, mismatching: mismatches.length });
  const search = new Search(input, planned);
  for (const batch of batches(mismatches, ROWS_PER_BATCH)) {
    if (search.ended) break;
    await search.run(await suspectsInBuckets(input.pair, planned, batch));
  }
  return { ...search.finding(), rows, buckets };
}

const NOTHING = { rows: 0, buckets: 0, rechecked: 0, differences: [], moreDifferences: false } as const;

/** The search for certain differences among the rows that did not match at first sight. */
class Search {
  private readonly differences: Difference[] = [];
  private rechecked = 0;
  private more = false;
  private unsettledReason: string | undefined;

  constructor(
    private readonly input: TableInput,
    private readonly plan: TablePlan,
  ) {}

  get ended(): boolean {
    if (this.differences.length >= this.input.maxDifferences) this.more = true;
    return this.more || this.unsettledReason !== undefined;
  }

  async run(suspects: readonly string[]): Promise<void> {
    for (let at = 0; at < suspects.length && !this.ended; at += SUSPECTS_PER_ROUND) {
      const ids = suspects.slice(at, at + SUSPECTS_PER_ROUND);
      const result = await settle(this.settleInput(), ids);
      this.rechecked += ids.length;
      const room = this.input.maxDifferences - this.differences.length;
      this.more ||= result.different.length > room;
      for (const found of result.different.slice(0, room)) {
        this.differences.push(await describeDifference(this.input.pair, this.plan, found));
      }
      if (result.unsettled.length > 0) this.unsettledReason = this.explain(result.unsettled.length, result.behind);
    }
  }

  private settleInput(): SettleInput {
    const { pair, slotName, settleTimeoutMs, table, emit } = this.input;
    const onRound = (round: number, open: number): void => emit({ kind: 'settling', table, round, open });
    return { pair, plan: this.plan, slotName, timeoutMs: settleTimeoutMs, onRound };
  }

  private explain(rows: number, behind: boolean): string {
    const seconds = this.input.settleTimeoutMs / 1_000;
    return behind
      ? `the target did not catch up with the source within ${seconds} s, so ${rows} rows could not be judged`
      : `${rows} rows kept changing for ${seconds} s without being met alike on both sides`;
  }

  finding(): Omit<Finding, 'rows' | 'buckets'> {
    const status =
      this.differences.length > 0 ? 'different' : this.unsettledReason !== undefined ? 'unsettled' : 'equal';
    const { differences, more, rechecked, unsettledReason } = this;
    return { status, differences, moreDifferences: more, rechecked, reason: unsettledReason };
  }
}
