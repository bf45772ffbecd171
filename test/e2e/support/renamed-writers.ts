import type { Client } from 'pg';
import { LONGEST_WAIT_MS } from './table-writers';

/** A name that was another one when the statement was made up: as an application meets it, which then asks again. */
const RENAMED_MEANWHILE = ['42P01', '42703'];

/**
 * Sessions that write without a break to a table that gets other names meanwhile: they know its number and those of its
 * columns (id bigint, writer integer, note text), and ask for the names each time. Several statements in a transaction, of
 * which some are rolled back.
 */
export class RenamedWriters {
  readonly errors: string[] = [];
  slowestMs = 0;
  transactions = 0;
  private stopped = false;
  private readonly done: Promise<unknown>;

  constructor(
    private readonly clients: readonly Client[],
    private readonly oid: number,
    private readonly first: number,
  ) {
    this.done = Promise.all(clients.map((client, index) => this.write(client, index + 1)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private async write(client: Client, writer: number): Promise<void> {
    for (let turn = 1; !this.stopped; turn += 1) {
      const id = this.first + turn * 100 + writer;
      const began = Date.now();
      try {
        await client.query('BEGIN');
        await client.query(this.naming(`INSERT INTO %1$s (id, writer, %2$I) VALUES (${id}, ${writer}, ''new'')`));
        await client.query(this.naming(`UPDATE %1$s SET %2$I = ''changed in turn ${turn}'' WHERE id = ${id}`));
        await client.query(this.naming(`DELETE FROM %1$s WHERE id = ${id - 300}`));
        await client.query(this.naming(`UPDATE %1$s SET %2$I = %2$I || ''!'' WHERE id <= 20 AND id %% 10 = ${writer}`));
        await client.query(turn % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
        this.transactions += 1;
        this.slowestMs = Math.max(this.slowestMs, Date.now() - began);
      } catch (error) {
        await client.query('ROLLBACK');
        if (RENAMED_MEANWHILE.includes(String((error as { code?: string }).code))) continue;
        this.errors.push(String(error));
        return;
      }
    }
  }

  private naming(statement: string): string {
    return `DO $$ BEGIN EXECUTE format('${statement}', ${this.oid}::regclass,
      (SELECT attname FROM pg_attribute WHERE attrelid = ${this.oid} AND attnum = 3)); END $$`;
  }
}

export function expectWrote(writers: RenamedWriters): void {
  expect(writers.errors).toEqual([]);
  expect(writers.slowestMs).toBeLessThan(LONGEST_WAIT_MS);
  expect(writers.transactions).toBeGreaterThan(0);
}
