import type { Connections } from '../connections/connections';
import { beat } from '../execute/beat-of-itself';
import { explain } from '../explain/explain';
import { streamsOf, type StreamOf } from '../model/streams';
import { ConnectError } from '../postgres/connect-errors';

/** What became of the beats of one stream. */
export interface BeatWritten {
  /** When the last one was written, ISO 8601; null: none yet. */
  readonly at: string | null;
  /** Why the one after it was not; null: nothing was in its way. */
  readonly failure: string | null;
}

/** A beat for each stream at an interval, by whoever looks again and again. */
export class Beats {
  readonly written = new Map<string, BeatWritten>();
  private due = 0;

  /** @param everyMs null: none */
  constructor(private readonly everyMs: number | null) {}

  /**
   * Where it is time. What a server refuses is told, and no reason not to look.
   * @param without slots of streams that get none
   * @throws the end of a connection
   */
  async write(connections: Connections, without: ReadonlySet<string>): Promise<void> {
    if (this.everyMs === null || Date.now() < this.due) return;
    this.due = Date.now() + this.everyMs;
    const streams = streamsOf(connections.contracts.source).filter(({ stream }) => !without.has(stream.slot));
    await Promise.all(streams.map((of) => this.one(connections, of)));
  }

  private async one(connections: Connections, of: StreamOf): Promise<void> {
    const { slot } = of.stream;
    const before = this.written.get(slot)?.at ?? null;
    try {
      this.written.set(slot, { at: (await beat(connections, of)) ?? before, failure: null });
    } catch (cause) {
      if (cause instanceof ConnectError) throw cause;
      const { code, seen } = explain(cause);
      this.written.set(slot, { at: before, failure: `${code}: ${seen}` });
    }
  }
}
