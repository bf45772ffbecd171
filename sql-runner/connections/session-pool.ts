import type { Session } from '../postgres/session';

interface Entry {
  readonly session: Promise<Session>;
  /** How many parts of a run are at work with it. */
  users: number;
  /** It makes way for no other, and is beside the limit. */
  kept: boolean;
}

/**
 * Sessions of one side by database, at most so many at a time: an environment
 * may have a hundred databases, and production its own use for its connections.
 * Parts of a run that want the same database share its session. It stays open
 * until the place is needed for another database.
 *
 * Whoever uses a session here must not wait for another of the same pool.
 */
export class SessionPool {
  private readonly entries = new Map<string, Entry>();
  private waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly open: (database: string) => Promise<Session>,
  ) {}

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
      const entry = this.entries.get(database) ?? this.add(database);
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
    const idle = passing.length < this.limit ? null : passing.find(([, entry]) => entry.users === 0);
    if (idle === undefined) return null;
    if (idle !== null) this.entries.delete(idle[0]);
    return this.opened(database, idle === null ? Promise.resolve() : closed(idle[1]));
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
