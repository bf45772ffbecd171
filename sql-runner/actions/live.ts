import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../errors/operator-error';
import type { SourceContract } from '../../contract/contract';
import { explain } from '../explain/explain';
import { isHealthy } from '../model/health';
import { streamsOf } from '../model/streams';
import type { Meanwhile, WatchSample } from './watch';

/** What may be said now of an environment that is looked at again and again. */
export interface LiveView {
  readonly environment: string;
  /** Those that the environment names, whether or not they were seen. */
  readonly streams: readonly { readonly database: string; readonly slot: string }[];
  /** null: what was seen last need not be so any more; see `unseen`. */
  readonly sample: WatchSample | null;
  /** Why there is no sample; null: there is one. */
  readonly unseen: OperatorError | null;
  /** When it was last looked with success; null: never. */
  readonly seenAt: Date | null;
  readonly looks: { readonly seen: number; readonly unseen: number };
  /** When the outputs of Terraform were last read, which tell where to look. */
  readonly outputsAt: Date;
}

/** What can be seen of an environment now, and what the environment is. */
export interface Looking {
  readonly source: SourceContract;
  readonly outputsAt: Date;
  /** @throws why there is nothing to see */
  sample(meanwhile: Meanwhile): Promise<WatchSample>;
}

/** In which servers that are there answer what is asked at each look, a few positions. */
const ANSWER_MS = 3_000;

/** Looks at an interval, however often somebody asks, and never passes off as true what it has not seen of late. */
export class Live {
  private last: { readonly sample: WatchSample; readonly at: number } | null = null;
  private failure: OperatorError | null = null;
  private readonly looks = { seen: 0, unseen: 0 };
  private readonly began = Date.now();
  /** Since when a look goes on; null: none does. */
  private askedAt: number | null = null;

  /** @param interval seconds between two looks */
  constructor(
    private readonly looking: Looking,
    private readonly interval: number,
  ) {}

  /** For as long as `goesOn`; what goes wrong is in the view. */
  async run(goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await this.lookOnce();
      await pause(this.interval * 1_000);
    }
  }

  async lookOnce(): Promise<void> {
    this.askedAt = Date.now();
    try {
      this.seen(await this.looking.sample((sample) => this.seen(sample)));
      this.failure = null;
      this.looks.seen += 1;
    } catch (cause) {
      this.failure = explain(cause);
      this.looks.unseen += 1;
    } finally {
      this.askedAt = null;
    }
  }

  private seen(sample: WatchSample): void {
    this.last = { sample, at: Date.now() };
  }

  view(): LiveView {
    const { last } = this;
    const { source, outputsAt } = this.looking;
    const unseen = this.failure ?? this.overdue();
    return {
      environment: source.environment,
      outputsAt,
      streams: streamsOf(source).map(({ database, stream }) => ({ database, slot: stream.slot })),
      sample: unseen === null ? last!.sample : null,
      unseen,
      seenAt: last === null ? null : new Date(last.at),
      looks: { ...this.looks },
    };
  }

  /** Packets that get lost end no connection: that it follows may be said for as long as an answer may take. */
  private isUnanswered({ sample, at }: { readonly sample: WatchSample; readonly at: number }): boolean {
    if (this.askedAt === null || !sample.status.streams.some(isHealthy)) return false;
    return Date.now() - Math.max(this.askedAt, at) > ANSWER_MS;
  }

  /** A look that hangs says nothing, and what was seen before it grows old. */
  private overdue(): OperatorError | null {
    const age = (Date.now() - (this.last?.at ?? this.began)) / 1_000;
    const old = age > Math.max(3 * this.interval, this.interval + 10);
    if (this.last !== null && !old && !this.isUnanswered(this.last)) return null;
    return new OperatorError({
      code: 'LOOK_OVERDUE',
      seen:
        this.last === null
          ? `nothing was seen yet: the first look began ${Math.round(age)} s ago`
          : `the streams were seen last ${Math.round(age)} s ago`,
      why: 'what they do since then is not known, and what was seen before need not be so any more',
      next: `wait for the next look; where none comes, sql-runner status ${this.looking.source.environment} says what keeps it`,
    });
  }
}
