import type { SourceContract } from '../../contract/contract';
import type { Open } from '../connections/open';
import { releaseSlot } from '../execute/release-slot';
import { explain } from '../explain/explain';
import { streamsOf, type StreamOf } from '../model/streams';
import type { EnvironmentStatus } from './status';

/** Frees production of a slot whose budget is used up, where the environment file asks for that. */
export class BudgetKeeper {
  private busy = false;
  private said = '';

  constructor(
    private readonly open: Open,
    private readonly log: (line: string) => void,
  ) {}

  /** After each look; while it is still at work on the one before, it lets one pass. */
  async keep(source: SourceContract, { streams }: Pick<EnvironmentStatus, 'streams'>): Promise<void> {
    if (this.busy || source.budget?.onBudget !== 'release') return;
    const over = streams.filter(({ state, budgetUsed }) => state !== 'lost' && budgetUsed !== null && budgetUsed >= 1);
    const slots = new Set(over.map(({ slot }) => slot));
    if (slots.size === 0) return;
    this.busy = true;
    try {
      await this.release(
        source,
        streamsOf(source).filter(({ stream }) => slots.has(stream.slot)),
      );
    } finally {
      this.busy = false;
    }
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
