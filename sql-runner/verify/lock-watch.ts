import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError } from 'pg';
import { blockedSessions, keepsReadersOut, type BlockedSession } from '../postgres/catalog/blocked-sessions';
import type { Session } from '../postgres/session';
import { bothSides, ReadFailed, type Pair } from './sides';
import type { Side } from './types';

const QUERY_CANCELED = '57014';

/** Who had to wait for us, and where. */
export type Waiter = Omit<BlockedSession, 'behind'> & { readonly side: Side };

/** Reading was ended because somebody waited for it. */
export class GaveWay extends Error {
  constructor(readonly waiter: Waiter) {
    super(`gave way to process ${waiter.pid}`);
  }
}

/** One table that is being read. */
interface Reading {
  readonly pair: Pair;
  waiter?: Waiter;
}

/**
 * Reading a table holds ACCESS SHARE to the end of the statement, as any SELECT does. Whoever alters the table waits
 * for that, and everybody who writes to it queues behind him (manual, "Explicit Locking"). So one session a side looks
 * whether anybody waits for one that reads, and cancels it at once.
 */
export class LockWatch {
  private readonly readings = new Set<Reading>();
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | null = null;
  private blind: { readonly cause: unknown } | null = null;

  constructor(
    private readonly own: Pair,
    private readonly everyMs: number,
  ) {
    this.timer = setInterval(() => {
      if (this.readings.size > 0) this.looking ??= this.look().finally(() => (this.looking = null));
    }, everyMs);
  }

  /**
   * What is cancelled are statements of this work only: it is not over before a look that is under way.
   * @throws GaveWay
   */
  async over<T>(pair: Pair, work: () => Promise<T>): Promise<T> {
    const reading: Reading = { pair };
    this.readings.add(reading);
    try {
      if (this.blind === null) return await work();
    } catch (error) {
      if (this.blind === null && reading.waiter !== undefined && wasCancelled(error)) throw new GaveWay(reading.waiter);
      if (this.blind === null) throw error;
    } finally {
      this.readings.delete(reading);
      await this.looking;
    }
    throw this.blind.cause;
  }

  /** Waits until the transaction keeps nobody from reading any more. False: the patience ended before. */
  async gone({ side, transaction }: Waiter, patienceMs: number): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    while (transaction !== null && (await keepsReadersOut(this.own[side], transaction))) {
      if (Date.now() >= deadline) return false;
      await pause(this.everyMs);
    }
    return true;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await bothSides(this.own, (session, side) => this.lookAt(session, side));
    } catch (error) {
      // Nobody may read whom we cannot see wait. Without its connection the server ends a statement by itself.
      this.blind = { cause: error instanceof ReadFailed ? error.cause : error };
      await Promise.all([...this.readings].flatMap(({ pair }) => [pair.source.close(), pair.target.close()]));
    }
  }

  private async lookAt(session: Session, side: Side): Promise<void> {
    const readings = new Map([...this.readings].map((reading) => [reading.pair[side].backendPid, reading]));
    for (const { behind, ...waiter } of await blockedSessions(session, [...readings.keys()])) {
      const reading = readings.get(behind)!;
      reading.waiter = { side, ...waiter };
      await cancel(session, behind);
      // Half a comparison is of no use, and the other side's would go on to its end.
      const other = side === 'source' ? 'target' : 'source';
      await cancel(this.own[other], reading.pair[other].backendPid);
    }
  }
}

/** Allowed of whoever has the same login. A session between two statements does not mind. */
const cancel = (session: Session, pid: number): Promise<unknown> =>
  session.query('SELECT pg_cancel_backend($1::int)', [pid]);

function wasCancelled(error: unknown): boolean {
  const cause = error instanceof ReadFailed ? error.cause : error;
  return cause instanceof DatabaseError && cause.code === QUERY_CANCELED;
}
