import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';

/** How the stream of database shop stands, by what both servers say themselves. */
export class StreamStands {
  constructor(
    private readonly world: DirectLab,
    private readonly clone: Client,
  ) {}

  /** All that was written by now has been applied. */
  async caughtUp(): Promise<void> {
    const how = await this.throughOrStopped(Infinity);
    if (how !== 'through') throw new Error(`the clone's log says ${this.lastError()}`);
  }

  /** What its worker says of where it stands, again and again; null: it is in sync. */
  async stoppedAt(): Promise<string | null> {
    const errors = await this.errors();
    return (await this.throughOrStopped(errors + 1)) === 'through' ? null : this.lastError();
  }

  async errors(): Promise<number> {
    const { rows } = await this.clone.query<{ count: number }>(
      `SELECT coalesce(sum(apply_error_count), 0)::int AS count FROM pg_stat_subscription_stats`,
    );
    return rows[0]!.count;
  }

  private async throughOrStopped(errors: number): Promise<'through' | 'stopped'> {
    const source = await this.world.source('shop');
    try {
      const { rows } = await source.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
      return await eventually(async () => {
        const slots = await source.query(
          `SELECT FROM pg_replication_slots WHERE slot_name = 'acas_demo_shop' AND confirmed_flush_lsn >= $1::pg_lsn`,
          [rows[0]!.lsn],
        );
        if (slots.rows.length === 1) return 'through';
        return (await this.errors()) > errors ? 'stopped' : null;
      }).catch((error: Error) => {
        throw new Error(`${error.message}; the clone's log says ${this.lastError()}`);
      });
    } finally {
      await source.end();
    }
  }

  private lastError(): string {
    return readFileSync(join(this.world.lab.cluster('clone').directory, 'server.log'), 'utf8')
      .split('\n')
      .filter((line) => /ERROR|CONTEXT/.test(line))
      .slice(-4)
      .join('; ');
  }
}
