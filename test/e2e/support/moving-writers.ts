import type { Client } from 'pg';

/**
 * Sessions that move rows of a table (id, region, note) into and out of region `eu` without a break, old rows and new ones,
 * some of which are rolled back. Each has rows of its own.
 */
export class MovingWriters {
  readonly errors: string[] = [];
  transactions = 0;
  private stopped = false;
  private readonly done: Promise<unknown>;

  constructor(
    private readonly clients: readonly Client[],
    private readonly table: string,
  ) {
    this.done = Promise.all(clients.map((client, index) => this.write(client, index)));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private async write(client: Client, writer: number): Promise<void> {
    const ask = (sql: string) =>
      client.query(sql).catch((error: unknown) => void this.errors.push(`${sql}: ${String(error)}`));
    const own = `id % ${this.clients.length} = ${writer}`;
    for (let turn = 1; !this.stopped && this.errors.length === 0; turn += 1) {
      const at = (turn % 40) + 1;
      await ask('BEGIN');
      // Whatever is outside comes in, whatever is inside goes out, and comes back in one transaction.
      await ask(
        `UPDATE ${this.table} SET region = CASE region WHEN 'eu' THEN 'us' WHEN 'us' THEN NULL ELSE 'eu' END,
                note = 'turn ${turn}' WHERE ${own} AND id % 40 = ${at}`,
      );
      await ask(`UPDATE ${this.table} SET region = 'eu' WHERE ${own} AND id % 40 = ${at + 1} AND id % 3 = 0`);
      const id = (1_000 + turn) * this.clients.length + writer;
      await ask(`INSERT INTO ${this.table} VALUES (${id}, '${turn % 2 === 0 ? 'eu' : 'us'}', 'new')`);
      await ask(`DELETE FROM ${this.table} WHERE id = ${id - 4 * this.clients.length}`);
      await ask(turn % 5 === 0 ? 'ROLLBACK' : 'COMMIT');
      this.transactions += 1;
    }
  }
}
