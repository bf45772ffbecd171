import { AsyncLocalStorage } from 'node:async_hooks';

/** Takes one piece of work after the other, and side by side what may be. */
export class Lane {
  /** The newest that was to be alone. */
  private last: Promise<unknown> = Promise.resolve();
  /** All that was shared since. */
  private shared: Promise<unknown> = Promise.resolve();

  /** Alone: after all that came before it, and before all that comes. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.all([this.last, this.shared]).then(work);
    this.last = result.catch(() => undefined);
    this.shared = Promise.resolve();
    return result;
  }

  /** Beside others that are shared, begun in the order in which they came. */
  share<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.shared = Promise.all([this.shared, result.catch(() => undefined)]);
    return result;
  }
}

/** A transaction that the caller runs in, and the one of another session around it. */
interface Inside {
  readonly session: object;
  readonly lane: Lane;
  readonly around: Inside | undefined;
}

/**
 * One for all sessions: up to Node 22, each storage that was ever run is kept for as long as the process lives, and
 * every promise carries a value for each.
 */
const transactions = new AsyncLocalStorage<Inside>();

/** The lane of the session's transaction that the caller runs in; none: undefined. */
export function laneInside(session: object): Lane | undefined {
  let inside = transactions.getStore();
  while (inside !== undefined && inside.session !== session) inside = inside.around;
  return inside?.lane;
}

/** Runs `work` as a transaction of the session: what it asks of that session has a lane of its own. */
export function inTransaction<T>(session: object, work: () => Promise<T>): Promise<T> {
  return transactions.run({ session, lane: new Lane(), around: transactions.getStore() }, work);
}
