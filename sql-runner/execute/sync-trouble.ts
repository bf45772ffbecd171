import { conditionOf, type StreamCondition } from '../checks/stream-condition';
import { troubleOf } from '../checks/stream-trouble';
import type { Connections } from '../connections/connections';
import type { Listener } from '../model/events';
import type { StreamOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import { lookFrom } from '../observe/look-at-streams';

/** Nothing comes of waiting for these: somebody has to put something right first. */
const DEAD: readonly StreamCondition[] = ['absent', 'disabled', 'failing', 'stopped', 'unread'];
const LOOK_EVERY_MS = 5_000;
/** One look waits for a worker that is started anew; what is so twice in a row does not pass by itself. */
const TIMES = 2;

/**
 * Looks at streams while they are waited for and nothing moves: beside the wait, which it never holds up.
 */
export class SyncTrouble {
  private looked = Date.now();
  private looking = false;
  /** Of each subscription that was seen dead: since when, and how often by now. */
  private readonly times = new Map<string, { readonly since: number; readonly count: number }>();
  private said = '';
  private found: readonly string[] | null = null;

  constructor(
    private readonly connections: Connections,
    private readonly streams: readonly StreamOf[],
    private readonly listener: Listener,
  ) {}

  /** What makes it vain to wait on; null: nothing that was seen. */
  dead(): readonly string[] | null {
    return this.found;
  }

  /** A stream has moved: whatever was seen of it before has passed. */
  moved(): void {
    this.times.clear();
    this.looked = Date.now();
  }

  lookAgain(): void {
    if (this.looking || Date.now() - this.looked < LOOK_EVERY_MS) return;
    this.looking = true;
    void this.look()
      // Only to end sooner: whoever waits reads the servers itself.
      .catch(() => this.times.clear())
      .finally(() => ([this.looking, this.looked] = [false, Date.now()]));
  }

  private async look(): Promise<void> {
    const began = Date.now();
    const seen = await lookFrom(this.connections.reading(), this.streams[0]!.database, null);
    const dead = this.streams.filter((of) => this.isDead(seen, of));
    for (const of of this.streams) {
      const { subscription } = of.stream;
      const { since, count } = this.times.get(subscription) ?? { since: began, count: 0 };
      if (dead.includes(of)) this.times.set(subscription, { since, count: count + 1 });
      else this.times.delete(subscription);
    }
    const words = (of: StreamOf) => troubleOf(this.connections.contracts.source, seen, of);
    this.tell(this.streams.flatMap((of) => words(of) ?? []));
    // The clone may be set to wait longer before it starts a worker anew.
    const patience = seen.timeouts.retryMs + 1_000;
    const certain = dead.filter((of) => {
      const { since, count } = this.times.get(of.stream.subscription)!;
      return count >= TIMES && Date.now() - since > patience;
    });
    if (certain.length > 0) this.found = certain.map((of) => `${of.database}: ${words(of) ?? 'it does not follow'}`);
  }

  private isDead(seen: StreamsSeen, of: StreamOf): boolean {
    const looks = seen.looks[of.stream.subscription];
    return looks !== undefined && DEAD.includes(conditionOf(looks, seen.timeouts));
  }

  /** What keeps it, as long as that may pass. */
  private tell(troubles: readonly string[]): void {
    const text = troubles.join('; ');
    if (text !== '' && text !== this.said) this.listener({ type: 'waiting', for: `the streams: ${text}` });
    this.said = text;
  }
}
