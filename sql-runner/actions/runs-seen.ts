import { isDeepStrictEqual } from 'node:util';
import type { Contracts } from '../../contract/contract';
import type { OperatorError } from '../../errors/operator-error';
import type { Open } from '../connections/open';
import { explain } from '../explain/explain';
import type { RunRecord } from '../model/run-record';
import { readKeptRuns, type KeptRuns } from './kept-runs';

/** What is known of the runs on an environment, as of some time ago. */
export interface RunsView {
  /** As it was read last with success; null: it was not, of this clone. */
  readonly kept: KeptRuns | null;
  /** When that was. */
  readonly at: Date | null;
  /** Why it was not read since then; null: it was, or it was not tried. */
  readonly failure: OperatorError | null;
}

/** However often one looks, and others run something. */
const EVERY_MS = 60_000;

/** Reads the history of runs from the clone at a slow pace, and tells of each comparison that has ended since it began. */
export class RunsSeen {
  private seen: RunsView = { kept: null, at: null, failure: null };
  private of: Contracts['target'] = null;
  private triedAt: number | null = null;
  private reading = false;
  /** Verifies that have ended, as of the last time; null: nothing was read yet. */
  private known: ReadonlySet<string> | null = null;

  /** @param every milliseconds between two readings, at least */
  constructor(
    private readonly open: Open,
    private readonly contracts: () => Contracts,
    private readonly began = Date.now(),
    private readonly every = EVERY_MS,
  ) {}

  view(): RunsView {
    return this.seen;
  }

  /**
   * Reads it where it is time for that.
   * @param reached the clone answered at the last look; where it did not it is not asked for this either
   * @param ended a verify that has ended, told once
   */
  async keep(reached: boolean, ended: (run: RunRecord, at: number) => void, now = Date.now()): Promise<void> {
    const contracts = this.contracts();
    this.follow(contracts);
    if (!reached || this.reading || (this.triedAt !== null && now - this.triedAt < this.every)) return;
    [this.reading, this.triedAt] = [true, now];
    try {
      const kept = await readKeptRuns(this.open, contracts);
      // Of a clone that was replaced meanwhile.
      if (!isDeepStrictEqual(this.of, contracts.target)) return;
      this.seen = { kept, at: new Date(Date.now()), failure: null };
      this.tell(kept, ended);
    } catch (cause) {
      this.seen = { ...this.seen, failure: explain(cause) };
    } finally {
      this.reading = false;
    }
  }

  /** A new clone has a history of its own: what was read of another one is not its. */
  private follow({ target }: Contracts): void {
    if (isDeepStrictEqual(this.of, target)) return;
    this.of = target;
    this.seen = { kept: null, at: null, failure: null };
    this.triedAt = null;
  }

  /** In the order in which they ended. What had ended before this process began is no news. */
  private tell({ runs, comparisons }: KeptRuns, ended: (run: RunRecord, at: number) => void): void {
    const all = new Map([...runs, ...comparisons].map((run) => [`${run.run} ${run.part}`, run]));
    const found = [...all].filter(([, run]) => run.mode === 'verify' && run.ended !== null);
    found.sort(([, one], [, other]) => Date.parse(one.ended!) - Date.parse(other.ended!));
    const { known } = this;
    this.known = new Set(found.map(([key]) => key));
    for (const [key, run] of found) {
      const isNews = known === null ? Date.parse(run.ended!) >= this.began : !known.has(key);
      if (isNews) ended(run, Date.now());
    }
  }
}
