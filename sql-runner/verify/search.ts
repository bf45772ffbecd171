import { suspectsInBuckets } from './bucket-rows';
import { describeDifference } from './describe-difference';
import { settle } from './settle';
import type { Pair } from './sides';
import type { TablePlan } from './table-sql';
import type { Difference, TableRef, TableVerdict, VerifyEvent } from './types';

export interface SearchInput {
  readonly pair: Pair;
  readonly table: TableRef;
  readonly slotName: string;
  readonly settleTimeoutMs: number;
  readonly maxDifferences: number;
  readonly emit: (event: VerifyEvent) => void;
}

/** Rows read by key in one statement. */
const SUSPECTS_PER_ROUND = 1_000;
/** How often buckets are read again because of rows that were not met by their key. */
const LOOKS_FOR_GONE = 3;

/** The search for certain differences among the rows that did not match at first sight. */
export class Search {
  private readonly differences: Difference[] = [];
  private rechecked = 0;
  private more = false;
  private unsettledReason: string | undefined;

  constructor(
    private readonly input: SearchInput,
    private readonly plan: TablePlan,
  ) {}

  get ended(): boolean {
    if (this.differences.length >= this.input.maxDifferences) this.more = true;
    return this.more || this.unsettledReason !== undefined;
  }

  /**
   * A row that reading the buckets shows, and asking by its key does not, was
   * deleted in between; or the key's index has lost it, as one does when the
   * collation of the operating system changes. So the buckets are read again.
   */
  async run(buckets: readonly bigint[]): Promise<void> {
    let gone = await this.settleAll(await this.suspects(buckets));
    for (let look = 1; gone.length > 0 && !this.ended; look += 1) {
      const before = new Set(gone);
      const back = (await this.suspects(buckets)).filter((id) => before.has(id));
      if (back.length > 0 && look > LOOKS_FOR_GONE) this.unsettledReason = notFoundByKey(back);
      else gone = await this.settleAll(back);
    }
  }

  private suspects(buckets: readonly bigint[]): Promise<string[]> {
    return suspectsInBuckets(this.input.pair, this.plan, buckets);
  }

  /** Gives the rows that neither side had when asked for them by key. */
  private async settleAll(suspects: readonly string[]): Promise<string[]> {
    const { pair, slotName, settleTimeoutMs: timeoutMs, table, emit } = this.input;
    const onRound = (round: number, open: number): void => emit({ kind: 'settling', table, round, open });
    const gone: string[] = [];
    for (let at = 0; at < suspects.length && !this.ended; at += SUSPECTS_PER_ROUND) {
      const ids = suspects.slice(at, at + SUSPECTS_PER_ROUND);
      const result = await settle({ pair, plan: this.plan, slotName, timeoutMs, onRound }, ids);
      this.rechecked += ids.length;
      gone.push(...result.gone);
      const room = this.input.maxDifferences - this.differences.length;
      this.more ||= result.different.length > room;
      for (const found of result.different.slice(0, room)) {
        this.differences.push(await describeDifference(pair, this.plan, found));
      }
      if (result.unsettled.length > 0) this.unsettledReason = this.explain(result.unsettled.length, result.behind);
    }
    return this.plan.shape.key.length > 0 ? gone : [];
  }

  private explain(rows: number, behind: boolean): string {
    const seconds = this.input.settleTimeoutMs / 1_000;
    return behind
      ? `the target did not catch up with the source within ${seconds} s, so ${rows} rows could not be judged`
      : `${rows} rows kept changing for ${seconds} s without being met alike on both sides`;
  }

  finding(): Pick<TableVerdict, 'status' | 'differences' | 'moreDifferences' | 'rechecked' | 'reason'> {
    const status =
      this.differences.length > 0 ? 'different' : this.unsettledReason !== undefined ? 'unsettled' : 'equal';
    const { differences, more, rechecked, unsettledReason } = this;
    return { status, differences, moreDifferences: more, rechecked, reason: unsettledReason };
  }
}

const notFoundByKey = (ids: readonly string[]): string =>
  `${ids.length} rows are there when the table is read, but are not found by their key, ${ids[0]} for one: ` +
  'the index of the key may be damaged on one side; check it with amcheck, or REINDEX it';
