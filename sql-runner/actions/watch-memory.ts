import { LagHistory } from '../model/lag-history';
import type { StreamOf } from '../model/streams';
import type { StreamLook, StreamsSeen } from '../model/survey';
import { parseLsn } from '../postgres/text/lsn';
import type { StreamStatus } from './status';

/** What looks of before leave to those that come: how far each stream was, and since when it stands as it does. */
export class WatchMemory {
  /** By the name of the slot; none of a stream that is not connected. */
  readonly histories = new Map<string, LagHistory>();
  /** By slot: how it stood at the last look, and since when. */
  private readonly standings = new Map<string, Pick<StreamStatus, 'state'> & { readonly since: string }>();

  /** @returns the streams, each with since when it is so */
  note(
    all: readonly StreamOf[],
    streams: readonly StreamStatus[],
    seen: StreamsSeen | null,
    at: Date,
  ): readonly StreamStatus[] {
    const looks = new Map(all.map(({ stream }) => [stream.slot, seen?.looks[stream.subscription]?.last]));
    for (const { slot, lagBytes } of streams) {
      const look = lagBytes === null ? undefined : looks.get(slot);
      if (look === undefined) this.histories.delete(slot);
      else this.remember(slot, at, look);
    }
    return streams.map((stream) => this.withSince(stream, at));
  }

  /** Of a stream that has a lag, so its slot has a position. */
  private remember(slot: string, at: Date, look: StreamLook): void {
    const history = this.histories.get(slot) ?? new LagHistory();
    this.histories.set(slot, history);
    history.add({
      at: at.getTime(),
      written: parseLsn(look.flushLsn),
      confirmed: parseLsn(look.reader!.confirmedLsn!),
    });
  }

  /** Where the servers do not tell since when it is so, since when it was seen to be. */
  private withSince(stream: StreamStatus, at: Date): StreamStatus {
    const { slot, state } = stream;
    const seen = this.standings.get(slot);
    const since = stream.since ?? (seen?.state === state ? seen.since : at.toISOString());
    this.standings.set(slot, { state, since });
    return { ...stream, since };
  }
}
