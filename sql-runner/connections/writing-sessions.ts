import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Side } from '../../contract/contract';

interface Entry {
  readonly place: Place;
  readonly session: Promise<Session>;
}

/**
 * Sessions that may write, one a place, at most so many on a side: those that
 * were used longest ago make way. The first one stays, because its lock stands
 * for the environment (lock-environment.ts): as long as it is held no other run
 * can begin, so that the lock of a database may be let go and taken again.
 *
 * Changes are carried out one after the other; a change has sessions of a few places at a time.
 */
export class WritingSessions {
  /** In the order of use, the latest last. */
  private readonly entries = new Map<string, Entry>();
  private first: string | null = null;

  constructor(private readonly limit: number) {}

  async get(place: Place, open: () => Promise<Session>): Promise<Session> {
    const key = `${place.side} ${place.database}`;
    const entry = this.entries.get(key) ?? { place, session: this.makeWay(place.side).then(open) };
    this.entries.delete(key);
    this.entries.set(key, entry);
    try {
      const session = await entry.session;
      this.first ??= key;
      return session;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** Forgets every session, or those of one side. */
  async close(side?: Side): Promise<void> {
    const gone = [...this.entries].filter(([, { place }]) => side === undefined || place.side === side);
    for (const [key] of gone) this.forget(key);
    await Promise.all(gone.map(([, entry]) => closed(entry)));
  }

  private async makeWay(side: Side): Promise<void> {
    const own = [...this.entries].filter(([, { place }]) => place.side === side);
    const idle = own.filter(([key]) => key !== this.first);
    const leaving = idle.slice(0, Math.max(0, own.length + 1 - this.limit));
    for (const [key] of leaving) this.forget(key);
    await Promise.all(leaving.map(([, entry]) => closed(entry)));
  }

  private forget(key: string): void {
    this.entries.delete(key);
    if (this.first === key) this.first = null;
  }
}

async function closed({ session }: Entry): Promise<void> {
  await (await session.catch(() => undefined))?.close().catch(() => undefined);
}
