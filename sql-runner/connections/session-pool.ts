import type { Session } from '../postgres/session';

interface Entry {
  readonly session: Promise<Session>;
  /** How many parts of a run are at work with it. */
  users: number;
  /** It makes way for no other, and is beside the limit. */
  kept: boolean;
}

/**
 * Sessions of one side by database, at most so many at a time, or at work at a time: an environment
 * may have a hundred databases, and production its own use for its connections.
 * Parts of a run that want the same database share its session. It stays open
 * until the place is needed for another database.
 *
 * Whoever uses a session here must not wait for another of the same pool.
 */
export class SessionPool {
  private readonly entries = new Map<string, Entry>();
  private waiting: (() => void)[] = [];
  /** Sessions that stay open while nobody is at work with them. */
  private atRest: number;

  constructor(
    private readonly limit: number,
    private readonly open: (database: string) => Promise<Session>,
  ) {
    this.atRest = limit;
  }

  /**
   * For whoever comes back again and again: more of them stay open than are at work at a time. To log in, and to read the
   * catalogs anew, costs the server many times what is then asked.
   */
  keepAtRest(sessions: number): void {
    this.atRest = Math.max(this.limit, sessions);
  }

  async use<T>(database: string, work: (session: Session) => Promise<T>): Promise<T> {
    const entry = await this.take(database);
    try {
      return await work(await entry.session);
    } finally {
      entry.users -= 1;
      this.wake();
    }
  }

  /** A session that stays open until `close`; also one that is in use already. */
  async keep(database: string): Promise<Session> {
    const entry = this.entries.get(database) ?? this.opened(database, Promise.resolve());
    entry.kept = true;
    // Its place among the others is free.
    this.wake();
    return entry.session;
  }

  /** Forgets every session; those in use end too. */
  async close(): Promise<void> {
    const open = [...this.entries.values()];
    this.entries.clear();
    this.wake();
    await Promise.all(open.map((entry) => closed(entry)));
  }

  private async take(database: string): Promise<Entry> {
    for (;;) {
      const known = this.entries.get(database);
      const entry = known === undefined ? this.add(database) : this.mayWork(known) ? known : null;
      if (entry !== null) {
        entry.users += 1;
        return entry;
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** null while every place is in use. */
  private add(database: string): Entry | null {
    const passing = [...this.entries].filter(([, entry]) => !entry.kept);
    if (this.atWork() >= this.limit) return null;
    const idle = passing.length < this.atRest ? null : passing.find(([, entry]) => entry.users === 0)!;
    if (idle !== null) this.entries.delete(idle[0]);
    return this.opened(database, idle === null ? Promise.resolve() : closed(idle[1]));
  }

  /** One that is at work already, or is beside the limit, adds nothing to what the server has to do at a time. */
  private mayWork({ users, kept }: Entry): boolean {
    return kept || users > 0 || this.atWork() < this.limit;
  }

  private atWork(): number {
    return [...this.entries.values()].filter(({ users, kept }) => users > 0 && !kept).length;
  }

  private opened(database: string, before: Promise<void>): Entry {
    const entry: Entry = { session: before.then(() => this.open(database)), users: 0, kept: false };
    this.entries.set(database, entry);
    // Whoever waits is woken by the one that wanted it.
    entry.session.catch(() => {
      if (this.entries.get(database) === entry) this.entries.delete(database);
    });
    return entry;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

async function closed({ session }: Entry): Promise<void> {
  await (await session.catch(() => undefined))?.close().catch(() => undefined);
}
