import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { isConnectionLoss } from '../../lab/workload/connection-loss';
import type { Connect } from '../../lab/workload/seed';
import { Session } from '../../lab/workload/session';

const WRITERS = [1, 2] as const;
const PAUSE_MS = 40;
/** So many turns of a writer are in its table at a time. */
export const TURNS_KEPT = 50;

/** A table for these writers. What is in it beforehand is of writer 0. */
export const writable = (table: string): string =>
  `CREATE TABLE ${table} (id bigint PRIMARY KEY, writer integer NOT NULL, turn integer NOT NULL, note text NOT NULL);
   CREATE INDEX ON ${table} (writer, turn);
   INSERT INTO ${table} SELECT g, 0, 0, 'first ' || g FROM generate_series(1, 300) g`;

/**
 * Write to one table of shop until they are stopped, and outlive its server. A turn is one transaction: two rows come,
 * both are changed, and those of an older turn go; so a turn that is there by half, or left out, can be told by its rows.
 */
export class RowWriters {
  private readonly stopping = new AbortController();
  private readonly done: Promise<unknown>;
  private readonly refused: string[] = [];

  constructor(
    private readonly connect: Connect,
    readonly table: string,
  ) {
    this.done = Promise.all(WRITERS.map((writer) => this.write(writer)));
  }

  /** Once it returns nothing is written any more. Throws when a write was refused. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
    if (this.refused.length > 0) throw new Error(`a writer was refused: ${this.refused.join('; ')}`);
  }

  private async write(writer: number): Promise<void> {
    const session = new Session(this.connect, 'shop');
    const { signal } = this.stopping;
    try {
      let turn: number | undefined;
      while (!signal.aborted) {
        try {
          const client = await session.get(signal);
          // After a loss only the table tells whether the last turn was committed.
          turn = (turn ?? (await this.lastTurn(client, writer))) + 1;
          await this.takeTurn(client, writer, turn);
        } catch (error) {
          await session.close();
          turn = undefined;
          if (!isConnectionLoss(error)) throw error;
        }
        await pause(PAUSE_MS);
      }
    } catch (error) {
      if (!isConnectionLoss(error)) this.refused.push(`${this.table}: ${(error as Error).message}`);
    } finally {
      await session.close();
    }
  }

  private async lastTurn(client: Client, writer: number): Promise<number> {
    const { rows } = await client.query<{ turn: number }>(
      `SELECT coalesce(max(turn), 0) AS turn FROM ${this.table} WHERE writer = $1`,
      [writer],
    );
    return rows[0]!.turn;
  }

  private async takeTurn(client: Client, writer: number, turn: number): Promise<void> {
    const id = 1_000 + turn * 4 + writer * 2;
    const own = `writer = ${writer} AND turn`;
    // At once, as whoever holds a table for long in a transaction makes an apply end with LOCK_TIMEOUT, rightly.
    await client.query(
      `BEGIN;
       INSERT INTO ${this.table} SELECT g, ${writer}, ${turn}, 'new' FROM generate_series(${id}, ${id + 1}) g;
       UPDATE ${this.table} SET note = 'whole' WHERE ${own} = ${turn};
       DELETE FROM ${this.table} WHERE ${own} <= ${turn - TURNS_KEPT};
       COMMIT`,
    );
  }
}
