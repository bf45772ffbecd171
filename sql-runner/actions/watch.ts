import type { Connections } from '../connections/connections';
import { answeredIn, NoAnswer } from '../connections/no-answer';
import type { Open } from '../connections/open';
import type { Contracts } from '../../contract/contract';
import type { HealthState } from '../model/health';
import type { LagHistory } from '../model/lag-history';
import { streamsOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import { lookOnce } from '../observe/look-once';
import { witnessesBy } from '../observe/witness-slots';
import { Beats, type BeatWritten } from './beats';
import { changesState, movedTo } from './moved-status';
import { isHealedUnseen, standsOtherwise } from './stands-otherwise';
import { statusOf, type EnvironmentStatus, type StreamStatus } from './status';
import { statusWithoutClone } from './status-without-clone';
import { WatchMemory } from './watch-memory';
import { rarerBy } from './whole-pace';

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
  /** How long reading it took, in milliseconds, without the time of waiting for what a worker does next. */
  readonly took: number;
  readonly status: EnvironmentStatus;
  readonly seen: StreamsSeen | null;
}

/** A whole status reads the catalogs of every database; three questions to each server tell what has moved since. */
const WHOLE_EVERY_MS = 60_000;
/**
 * What has put a stream right may be in the catalogs alone, a proof of its rows for instance. So while one follows
 * and is not healthy everything is read more often, but for no more than a tenth of the time, as that costs production something.
 */
const TROUBLE_EVERY_MS = 5_000;
const PART_OF_TIME = 10;
const TOLD_IN_MS = 60_000;
const MEANWHILE_EVERY_MS = 1_000;
/** Small questions over sessions that are open: with the time between two looks less than what was seen may be old. */
const ANSWER_MS = 4_000;
/** Of many databases each may need a new session for its beat, and wait for a lock. */
const BEATS_MS = 6_000;

/**
 * An upgrade refuses a slot for which something was written since it was held. And each beat removes the oldest one: by
 * those that are there somebody may yet see what happened to the stream.
 */
const UNBEATEN: readonly HealthState[] = ['held', 'not proven', 'diverged'];

/**
 * Is given how the streams stand while a whole look goes on: that may wait for a worker to be started again, and
 * meanwhile nobody may call them what they were.
 */
export type Meanwhile = (sample: WatchSample) => void;

/**
 * Looks again and again, over the same sessions: one a database and side. A whole status is read at first, each
 * minute (of many databases less often), and as soon as a stream stands otherwise than before; between them only how far the streams have come.
 */
export class Watch {
  private connections: Connections | null = null;
  private whole: Whole | null = null;
  /** What was read over sessions that have ended since is only good for comparing. */
  private anew = false;
  private readonly memory = new WatchMemory();

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
  async sample(whole = false, meanwhile: Meanwhile = () => undefined): Promise<WatchSample> {
    if (whole) this.whole = null;
    try {
      // What a failover or a firewall has ended says nothing of the streams: then by new sessions.
      return (this.connections === null ? null : await this.overKept(meanwhile)) ?? (await this.look(meanwhile));
    } catch (cause) {
      const closed = this.close();
      // Its sessions take their time to close, and until then everybody would be told what was so before.
      if (!(cause instanceof NoAnswer)) await closed;
      return this.sampleOf({
        at: Date.now(),
        status: await statusWithoutClone(this.open, this.contracts, cause),
        seen: null,
        took: 0,
      });
    }
  }

  /** @returns null where the sessions of the looks before do not serve any more */
  private async overKept(meanwhile: Meanwhile): Promise<WatchSample | null> {
    try {
      return await this.look(meanwhile);
    } catch (cause) {
      if (cause instanceof NoAnswer) throw cause;
      await this.disconnect();
      return null;
    }
  }

  /** The connections of the looks, for whoever reads between them; null: none are open. */
  get kept(): Connections | null {
    return this.connections;
  }

  async close(): Promise<void> {
    this.whole = null;
    await this.disconnect();
  }

  private async disconnect(): Promise<void> {
    const { connections } = this;
    [this.connections, this.anew] = [null, true];
    await connections?.close();
  }

  private async look(meanwhile: Meanwhile): Promise<WatchSample> {
    this.connections ??= this.opened();
    this.whole = await this.briefOrWhole(this.connections, meanwhile);
    const without = this.whole.status.streams.filter(({ state }) => UNBEATEN.includes(state)).map(({ slot }) => slot);
    await answeredIn(BEATS_MS, 'source', this.beats.write(this.connections, new Set(without)));
    return this.sampleOf(this.whole);
  }

  private opened(): Connections {
    const connections = this.open(this.contracts);
    connections.keepAtRest();
    return connections;
  }

  private async briefOrWhole(connections: Connections, meanwhile: Meanwhile): Promise<Whole> {
    const { whole } = this;
    const asked = whole?.seen == null ? null : this.brief(connections, whole, whole.seen);
    // By new sessions, what keeps them from being opened a whole look tells better.
    const brief = (await (this.anew ? asked?.catch(() => null) : asked)) ?? null;
    if (brief !== null && !brief.otherwise && !this.isDue()) return brief.whole;
    // What was seen just now is as good as ever, however long the whole look takes that is only due.
    if (brief !== null && (!brief.otherwise || changesState(brief.whole.status, whole?.status)))
      meanwhile(this.sampleOf(brief.whole));
    const at = Date.now();
    const read = await this.whileLookedAt(connections, meanwhile, () => statusOf(connections));
    this.anew = false;
    return { at, took: Date.now() - at - waitedFor(read.seen), ...read };
  }

  /** A whole look takes its time, or gets no answer at all: how the streams stand meanwhile the positions go on to tell. */
  private async whileLookedAt<T>(connections: Connections, meanwhile: Meanwhile, read: () => Promise<T>): Promise<T> {
    const { whole } = this;
    if (whole?.seen == null || this.anew) return read();
    const { seen } = whole;
    let goesOn = true;
    const look = async (): Promise<void> => {
      const brief = await this.brief(connections, whole, seen).catch(() => null);
      if (goesOn && brief !== null) meanwhile(this.sampleOf(brief.whole));
    };
    const timer = setInterval(() => void look(), MEANWHILE_EVERY_MS);
    try {
      return await read();
    } finally {
      goesOn = false;
      clearInterval(timer);
    }
  }

  private isDue(): boolean {
    const { whole, anew } = this;
    if (anew || whole === null) return true;
    const soon = Math.max(TROUBLE_EVERY_MS, PART_OF_TIME * whole.took);
    const quiet = this.wholeEvery * rarerBy(whole.status);
    const every = isHealedUnseen(this.contracts, whole) || this.isUntold() ? Math.min(this.wholeEvery, soon) : quiet;
    return Date.now() - whole.at >= every;
  }

  /** Who was at a slot is in the log soon, and not at once. */
  private isUntold(): boolean {
    const told = this.connections === null ? [] : [...witnessesBy(this.connections).values()];
    return told.some(
      ({ unread, came }) => unread !== null && came !== null && Date.now() - Date.parse(came) < TOLD_IN_MS,
    );
  }

  /** Where a stream stands otherwise than before, a whole status tells what that means. */
  private async brief(
    connections: Connections,
    whole: Whole,
    before: StreamsSeen,
  ): Promise<{ readonly whole: Whole; readonly otherwise: boolean }> {
    const streams = streamsOf(connections.contracts.source);
    const last = await lookOnce(connections.reading(), before.database, streams, ANSWER_MS);
    const seen = {
      ...before,
      looks: Object.fromEntries(
        streams.map(({ stream }, index) => {
          const looks = before.looks[stream.subscription]!;
          return [stream.subscription, { ...looks, first: looks.last, last: last[index]! }];
        }),
      ),
    };
    const otherwise = streams.some((of) => standsOtherwise(before, seen, of));
    const bySlot = new Map(streams.map((of) => [of.stream.slot, of]));
    const moved = (status: StreamStatus) =>
      movedTo(connections.contracts.source, status, seen, bySlot.get(status.slot)!);
    const status = { ...whole.status, streams: whole.status.streams.map(moved) };
    return { otherwise, whole: { ...whole, seen, status } };
  }

  private sampleOf({ at: wholeAt, status, seen }: Whole): WatchSample {
    const at = new Date(Date.now());
    const streams = this.memory.note(streamsOf(this.contracts.source), status.streams, seen, at);
    return {
      at,
      wholeAt: new Date(wholeAt),
      status: { ...status, streams },
      histories: this.memory.histories,
      beats: this.beats.written,
    };
  }
}

/** All streams are looked at together, for as long as one of them is not decided. */
function waitedFor(seen: StreamsSeen | null): number {
  return 1_000 * Math.max(0, ...Object.values(seen?.looks ?? {}).map(({ seconds }) => seconds));
}
