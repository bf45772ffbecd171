import type { Client } from 'pg';

/** Moves rows of a partitioned table (id, place) between its places without a break: rows that no other writer touches. */
export class MovingRows {
  readonly errors: string[] = [];
  moves = 0;
  private stopped = false;
  private readonly done: Promise<void>;

  constructor(
    private readonly client: Client,
    private readonly table: string,
  ) {
    this.done = this.move();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.done;
    await this.client.end();
  }

  private async move(): Promise<void> {
    while (!this.stopped && this.errors.length === 0) {
      await this.client
        .query(
          `UPDATE ${this.table} SET place = 1 - place, note = 'moved ${this.moves}' WHERE id <= 60 AND id % 10 = 5`,
        )
        .catch((error: unknown) => this.errors.push(String(error)));
      this.moves += 1;
    }
  }
}
