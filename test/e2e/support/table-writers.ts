import type { Client } from 'pg';

/** What writers met that none may: an error, or a statement that had to wait longer than this. */
export const LONGEST_WAIT_MS = 3_000;

/**
 * Sessions that write to a table (id bigint, writer integer, note text) without a break, several statements in a
 * transaction, of which some are rolled back. Each has ids of its own, so that none waits for another.
 */
export class TableWriters {
  readonly errors: string[] = [];
  slowestMs = 0;
  transactions = 0;
  private stopped = false;
  private readonly done: Promise<unknown>;

  constructor(
    private readonly clients: readonly Client[],
    private readonly table: string,
  ) {
    this.done = Promise.all(clients.map((client, index) => this.write(client, index + 1)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private async write(client: Client, writer: number): Promise<void> {
    const ask = async (sql: string) => {
      const began = Date.now();
      await client.query(sql).catch((error: unknown) => this.errors.push(`${sql}: ${String(error)}`));
      this.slowestMs = Math.max(this.slowestMs, Date.now() - began);
    };
    for (let turn = 1; !this.stopped; turn += 1) {
      const id = turn * 100 + writer;
      await ask('BEGIN');
      await ask(`INSERT INTO ${this.table} VALUES (${id}, ${writer}, 'new'), (${id + 50}, ${writer}, 'spare')`);
      await ask(`UPDATE ${this.table} SET note = 'changed in turn ${turn}' WHERE id = ${id}`);
      if (turn % 3 === 0) await ask(`DELETE FROM ${this.table} WHERE id = ${id - 50}`);
      if (turn % 4 === 0)
        await ask(`UPDATE ${this.table} SET note = note || '!' WHERE id <= 20 AND id % 10 = ${writer}`);
      await ask(turn % 7 === 0 ? 'ROLLBACK' : 'COMMIT');
      this.transactions += 1;
      if (this.errors.length > 0) return;
    }
  }
}
