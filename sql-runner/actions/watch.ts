import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import type { Contracts } from '../../contract/contract';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { lagOf } from '../checks/stream-words';
import { FOLLOWING } from '../model/health';
import { LagHistory } from '../model/lag-history';
import { streamsOf, type StreamOf } from '../model/streams';
import type { StreamLook, StreamsSeen } from '../model/survey';
import { lookOnce } from '../observe/look-at-streams';
import { lsnDistance, parseLsn } from '../postgres/text/lsn';
import { Beats, type BeatWritten } from './beats';
import { statusOf, type EnvironmentStatus, type StreamStatus } from './status';
import { statusWithoutClone } from './status-without-clone';
import { evidenceOf } from './stream-evidence';
import { STATES } from './stream-health';

/** What was seen at one time. */
export interface WatchSample {
  readonly at: Date;
  /** When more than the positions was read. */
  readonly wholeAt: Date;
  readonly status: EnvironmentStatus;
  /** By the name of the slot; none of a stream that is not connected. */
  readonly histories: ReadonlyMap<string, LagHistory>;
  /** By the name of the slot; none where no beats are written. */
  readonly beats: ReadonlyMap<string, BeatWritten>;
}

interface Whole {
  readonly at: number;
  readonly status: EnvironmentStatus;
  readonly seen: StreamsSeen | null;
}

/** A whole status reads the catalogs of every database; three questions to each server tell what has moved since. */
const WHOLE_EVERY_MS = 60_000;
const FOLLOWS: readonly StreamCondition[] = ['streaming', 'catching up'];

/**
 * Looks again and again, over the same sessions: one a database and side. A whole status is read at first, each
 * minute, and as soon as a stream stands otherwise than before; between them only how far the streams have come.
 */
export class Watch {
  private connections: Connections | null = null;
  private whole: Whole | null = null;
  private readonly histories = new Map<string, LagHistory>();
  /** By slot: how it stood at the last look, and since when. */
  private readonly standings = new Map<string, Pick<StreamStatus, 'state'> & { readonly since: string }>();

  constructor(
    private readonly open: Open,
    private readonly contracts: Contracts,
    private readonly wholeEvery = WHOLE_EVERY_MS,
    private readonly beats = new Beats(null),
  ) {}

  /**
   * Where the clone cannot be reached, what the source tells.
   * @param whole read all of it, whenever that was last done
   * @throws why there is nothing to see; the next sample begins with new sessions
   */
  async sample(whole = false): Promise<WatchSample> {
    if (whole) this.whole = null;
    try {
      // What a failover or a firewall has ended says nothing of the streams: then by new sessions.
      return (this.connections === null ? null : await this.overKept()) ?? (await this.look());
    } catch (cause) {
      await this.close();
      return this.sampleOf({
        at: Date.now(),
        status: await statusWithoutClone(this.open, this.contracts, cause),
        seen: null,
      });
    }
  }

  /** @returns null where the sessions of the looks before do not serve any more */
  private async overKept(): Promise<WatchSample | null> {
    try {
      return await this.look();
    } catch {
      await this.close();
      return null;
    }
  }

  async close(): Promise<void> {
    const { connections } = this;
    [this.connections, this.whole] = [null, null];
    await connections?.close();
  }

  private async look(): Promise<WatchSample> {
    this.connections ??= this.opened();
    const { whole } = this;
    const fresh = whole !== null && Date.now() - whole.at < this.wholeEvery;
    const brief = fresh && whole.seen !== null ? await this.brief(this.connections, whole, whole.seen) : null;
    this.whole = brief ?? { at: Date.now(), ...(await statusOf(this.connections)) };
    const held = this.whole.status.streams.filter(({ state }) => state === 'held').map(({ slot }) => slot);
    await this.beats.write(this.connections, new Set(held));
    return this.sampleOf(this.whole);
  }

  private opened(): Connections {
    const connections = this.open(this.contracts);
    connections.keepAtRest();
    return connections;
  }

  /** @returns null where a stream stands otherwise than before: what that means, a whole status tells */
  private async brief(connections: Connections, whole: Whole, before: StreamsSeen): Promise<Whole | null> {
    const streams = streamsOf(connections.contracts.source);
    const last = await lookOnce(connections.reading(), before.database, streams);
    const seen = {
      ...before,
      looks: Object.fromEntries(
        streams.map(({ stream }, index) => {
          const looks = before.looks[stream.subscription]!;
          return [stream.subscription, { ...looks, first: looks.last, last: last[index]! }];
        }),
      ),
    };
    if (streams.some((of) => standsOtherwise(before, seen, of))) return null;
    const bySlot = new Map(streams.map((of) => [of.stream.slot, of]));
    const moved = (status: StreamStatus) => movedTo(status, seen, bySlot.get(status.slot)!);
    return { at: whole.at, seen, status: { ...whole.status, streams: whole.status.streams.map(moved) } };
  }

  private sampleOf({ at: wholeAt, status, seen }: Whole): WatchSample {
    const at = new Date(Date.now());
    const looks = new Map(
      streamsOf(this.contracts.source).map(({ stream }) => [stream.slot, seen?.looks[stream.subscription]?.last]),
    );
    for (const { slot, lagBytes } of status.streams) {
      const look = lagBytes === null ? undefined : looks.get(slot);
      if (look === undefined) this.histories.delete(slot);
      else remember(this.histories, slot, at, look);
    }
    const streams = status.streams.map((stream) => this.withSince(stream, at));
    return {
      at,
      wholeAt: new Date(wholeAt),
      status: { ...status, streams },
      histories: this.histories,
      beats: this.beats.written,
    };
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

function standsOtherwise(before: StreamsSeen, now: StreamsSeen, of: StreamOf): boolean {
  const [was, is] = [conditionIn(before, of), conditionIn(now, of)];
  return was !== is && !(FOLLOWS.includes(was) && FOLLOWS.includes(is));
}

function movedTo(status: StreamStatus, seen: StreamsSeen, of: StreamOf): StreamStatus {
  // Not connected, or lost: nothing moves.
  if (status.lagBytes === null) return status;
  const { last } = seen.looks[of.stream.subscription]!;
  const condition = conditionIn(seen, of);
  const follows = FOLLOWING.includes(status.state);
  return {
    ...status,
    state: follows ? STATES[condition] : status.state,
    evidence: evidenceOf(last, of),
    ...keptFor(last),
    writtenLsn: last.flushLsn,
    sentLsn: last.reader?.sentLsn ?? null,
    receivedLsn: last.worker?.receivedLsn ?? null,
    confirmedLsn: last.reader?.confirmedLsn ?? null,
    lagBytes: lagOf(last),
    lastMessage: last.worker?.lastMessage ?? null,
    applyErrors: last.worker?.applyErrors ?? null,
  };
}

/** What its slot costs production by now. */
function keptFor({
  flushLsn,
  reader,
}: StreamLook): Pick<StreamStatus, 'slotRead' | 'walStatus' | 'retainedBytes' | 'safeWalBytes'> {
  const kept = reader?.restartLsn == null ? null : Number(lsnDistance(reader.restartLsn, flushLsn));
  return {
    slotRead: reader?.active ?? null,
    walStatus: reader?.walStatus ?? null,
    retainedBytes: kept === null ? null : Math.max(0, kept),
    safeWalBytes: reader?.safeWalSize ?? null,
  };
}

/** Of a stream that has a lag, so its slot has a position. */
function remember(histories: Map<string, LagHistory>, slot: string, at: Date, look: StreamLook): void {
  const history = histories.get(slot) ?? new LagHistory();
  histories.set(slot, history);
  history.add({ at: at.getTime(), written: parseLsn(look.flushLsn), confirmed: parseLsn(look.reader!.confirmedLsn!) });
}
