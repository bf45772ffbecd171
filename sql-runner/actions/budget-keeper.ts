import type { SourceContract } from '../../contract/contract';
import { NEARLY } from '../model/budget';
import type { Open } from '../connections/open';
import { releaseSlot } from '../execute/release-slot';
import { explain } from '../explain/explain';
import { streamsOf, type StreamOf } from '../model/streams';
import type { EnvironmentStatus, StreamStatus } from './status';

/**
 * Between the look that finds a budget used up and the drop: a worker that was started anew is back within
 * wal_retrieve_retry_interval, five seconds by default, and a burst that is being read is confirmed.
 */
const STANDS_FOR_MS = 10_000;

/** Frees production of a slot whose budget is used up, where the environment file asks for that. */
export class BudgetKeeper {
  private busy = false;
  private said = '';
  /** By slot: when its budget was first seen used up, or nearly, without a look between that saw otherwise. */
  private readonly over = new Map<string, number>();
  private readonly near = new Set<string>();

  constructor(
    private readonly open: Open,
    private readonly log: (line: string) => void,
    private readonly standsForMs = STANDS_FOR_MS,
  ) {}

  /** After each look; while it is still at work on the one before, it lets one pass. */
  async keep(
    source: SourceContract,
    { streams }: Pick<EnvironmentStatus, 'streams'>,
    at: number = Date.now(),
  ): Promise<void> {
    if (this.busy || source.budget?.onBudget !== 'release') return;
    for (const stream of streams) this.note(source, stream, at);
    const slots = [...this.over].filter(([, since]) => at - since >= this.standsForMs).map(([slot]) => slot);
    if (slots.length === 0) return;
    this.busy = true;
    try {
      await this.release(
        source,
        streamsOf(source).filter(({ stream }) => slots.includes(stream.slot)),
      );
    } finally {
      this.busy = false;
    }
  }

  /** Nobody finds a slot dropped of which nothing was said before. */
  private note({ environment }: SourceContract, { slot, state, budgetUsed }: StreamStatus, at: number): void {
    const used = state === 'lost' ? 0 : (budgetUsed ?? 0);
    if (used < 1) this.over.delete(slot);
    if (used < NEARLY) this.near.delete(slot);
    const why = `sql-runner status ${environment} says why it does not follow`;
    if (used >= 1 && !this.over.has(slot)) {
      this.over.set(slot, at);
      this.log(
        `Slot ${slot} has used up its budget: if the WAL not confirmed, or the time nobody has read it, still does in ${this.standsForMs / 1_000} s, it is dropped; a lag alone drops no slot. ${why}`,
      );
    } else if (used >= NEARLY && used < 1 && !this.near.has(slot)) {
      this.log(`Slot ${slot} has used up ${Math.floor(100 * used)} % of its budget: at 100 % it is dropped. ${why}`);
    }
    if (used >= NEARLY) this.near.add(slot);
  }

  private async release(source: SourceContract, streams: readonly StreamOf[]): Promise<void> {
    // The clone may be why it comes to this, and has no say in it.
    const connections = this.open({ source, target: null });
    try {
      for (const of of streams) {
        const because = await releaseSlot(connections, of);
        if (because !== null)
          this.say(
            `Slot ${of.stream.slot} was dropped: it had used up its budget (${because}). Only a new clone helps: sql-runner plan ${source.environment}`,
          );
      }
    } catch (cause) {
      const { code, seen } = explain(cause);
      this.say(`A slot that has used up its budget was not dropped yet: ${code}: ${seen}`);
    } finally {
      await connections.close();
    }
  }

  private say(line: string): void {
    if (line !== this.said) this.log(line);
    this.said = line;
  }
}
