import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { isConnectionLoss } from './connection-loss';
import type { Connect } from './seed';

/** A rebooting server is back in seconds; after this long it is not a reboot. */
const GIVE_UP_MS = 120_000;
const RETRY_MS = 50;

/** A session that is opened again when the server went away under it. */
export class Session {
  private client: Client | undefined;
  private times = 0;

  constructor(
    private readonly connect: Connect,
    private readonly database: string,
  ) {}

  /** How often it was opened again. */
  get reconnects(): number {
    return Math.max(0, this.times - 1);
  }

  /** The open client; waits up to two minutes for a server that is away, unless `signal` ends the waiting. */
  async get(signal: AbortSignal): Promise<Client> {
    const giveUpAt = Date.now() + GIVE_UP_MS;
    while (this.client === undefined) {
      try {
        const client = await this.connect(this.database);
        // Without a listener the loss of an idle connection would end the process.
        client.on('error', () => undefined);
        this.client = client;
        this.times += 1;
      } catch (error) {
        if (!isConnectionLoss(error) || Date.now() > giveUpAt || signal.aborted) throw error;
        await pause(RETRY_MS);
      }
    }
    return this.client;
  }

  /** Closes the client; the next `get` opens another. Never fails, because the connection may be gone already. */
  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
