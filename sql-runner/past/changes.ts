import type { OperatorError } from '../../errors/operator-error';
import type { LiveView } from '../actions/live';
import { standingOf, standsAlike, type Standing } from './standing';

export interface StreamChange {
  readonly kind: 'stream';
  readonly at: number;
  readonly database: string;
  readonly slot: string;
  /** null: it was not seen before. */
  readonly before: Standing | null;
  readonly now: Standing;
}

export interface LookChange {
  readonly kind: 'look';
  readonly at: number;
  /** Why nothing can be seen; null: it is seen again. */
  readonly unseen: OperatorError | null;
  /** When it was seen last; null: never. */
  readonly seenAt: number | null;
}

export type Change = StreamChange | LookChange;

/** Tells views apart: what stands otherwise in one than in the one before. */
export class Changes {
  private readonly standings = new Map<string, Standing>();
  private unseen: string | null = null;

  /** @returns in the order of the streams; of the first view that was seen, every stream */
  of(view: LiveView, at: number): Change[] {
    return [...this.ofLooking(view, at), ...this.ofStreams(view, at)];
  }

  private ofLooking({ unseen, seenAt }: LiveView, at: number): LookChange[] {
    const code = unseen?.code ?? null;
    const before = this.unseen;
    // That the first look has not come to its end yet is no failure.
    if (code === before || (code === 'LOOK_OVERDUE' && seenAt === null)) return [];
    this.unseen = code;
    return [{ kind: 'look', at, unseen, seenAt: seenAt?.getTime() ?? null }];
  }

  private ofStreams({ sample, streams }: LiveView, at: number): StreamChange[] {
    if (sample === null) return [];
    return streams.flatMap(({ database, slot }) => {
      const status = sample.status.streams.find((stream) => stream.slot === slot);
      if (status === undefined) return [];
      const now = standingOf(status);
      const before = this.standings.get(slot) ?? null;
      if (before !== null && standsAlike(before, now)) return [];
      this.standings.set(slot, now);
      return [{ kind: 'stream' as const, at, database, slot, before, now }];
    });
  }
}
