import { writeFileSync } from 'node:fs';
import type { Client } from 'pg';
import { MENDED, type Phase, VERIFICATION } from './phases';
import { RowWriters, TURNS_KEPT, writable } from './row-writers';
import { printOf } from './rows';
import type { FaultWorld } from './world';

/** Comes on the source and is dropped there. */
export const DROPPED = 'public.grown';
/** Comes on the source in a schema that the clone lacks, and is selected no more. */
export const DESELECTED = 'later."Grown Too"';
const EXCLUDED = 'later.*';

/** The tables of shop that come, go and are mended while a clone follows, and who writes to them. */
export class Tables {
  private readonly writers = new Map<string, RowWriters | null>();
  /** What the source had of a table when it went: all of it was sent. */
  private last: { dropped: string; turns: Map<number, number> } | undefined;

  constructor(private readonly world: FaultWorld) {}

  /** Before there is a clone. */
  async seed(): Promise<void> {
    await this.onSource(writable(MENDED));
    this.writers.set(MENDED, null);
  }

  startWriters(): void {
    for (const [table, running] of this.writers)
      if (running === null) this.writers.set(table, new RowWriters(this.world.source, table));
  }

  async stopWriters(): Promise<void> {
    const running = [...this.writers].flatMap(([table, one]) => (one === null ? [] : [[table, one] as const]));
    for (const [table] of running) this.writers.set(table, null);
    await Promise.all(running.map(([, one]) => one.stop()));
  }

  /** What happens to the tables, and what sql-runner is to follow. */
  async before(phase: Phase): Promise<void> {
    if (phase === 'grow') await this.grow();
    if (phase === 'shrink') await this.shrink();
    if (phase === 'resync' || phase === 'repair') await this.damage();
    if (phase === 'repair') await this.nameDifferences();
  }

  /** Created and filled in one transaction, and written to from then on. */
  private async grow(): Promise<void> {
    await this.onSource(`CREATE SCHEMA later; ${writable(DROPPED)}; ${writable(DESELECTED)}`);
    for (const table of [DROPPED, DESELECTED]) this.writers.set(table, null);
    this.startWriters();
  }

  private async shrink(): Promise<void> {
    await this.writers.get(DROPPED)?.stop();
    this.writers.delete(DROPPED);
    this.last = await this.world.inShop('source', async (client) => {
      const turns = await turnsOf(client);
      const dropped = await printOf(client, DROPPED);
      await client.query(`DROP TABLE ${DROPPED}`);
      return { dropped: `${dropped.rows} ${dropped.sum}`, turns };
    });
    this.world.select({ kind: 'all', exclude: [EXCLUDED] });
  }

  /** Of the tables that the source has those that the environment does not select. */
  get notSelected(): readonly string[] {
    return this.last === undefined ? [] : [DESELECTED];
  }

  /** The source is as in the beginning, whatever has been reached. */
  async cleared(): Promise<void> {
    for (const table of [DROPPED, DESELECTED]) {
      await this.writers.get(table)?.stop();
      this.writers.delete(table);
    }
    await this.onSource(`DROP TABLE IF EXISTS ${DROPPED}; DROP SCHEMA IF EXISTS later CASCADE`);
    this.last = undefined;
    this.world.select({ kind: 'all' });
  }

  async clearedOnClone(): Promise<void> {
    await this.world.inShop('target', (client) =>
      client.query(`DROP TABLE IF EXISTS ${DROPPED}; DROP SCHEMA IF EXISTS later CASCADE`),
    );
  }

  /** As somebody who writes on the clone by hand: a row that is missing, one too many, one that is otherwise. */
  private async damage(): Promise<void> {
    await this.world.inShop('target', async (client) => {
      // As the apply worker writes: without triggers and foreign keys.
      await client.query(`SET session_replication_role = replica; DELETE FROM ${MENDED} WHERE id IN (3, -1)`);
      await client.query(`INSERT INTO ${MENDED} VALUES (-1, 0, 0, 'of the clone')`);
      await client.query(`UPDATE ${MENDED} SET note = 'otherwise' WHERE id = 47`);
    });
  }

  /** @returns whether the clone still has what damage() did */
  isDamaged(): Promise<boolean> {
    return this.world.inShop('target', async (client) => {
      const { rows } = await client.query<{ kept: number }>(
        `SELECT count(*)::int AS kept FROM ${MENDED} WHERE writer = 0 AND id <> -1 AND note = 'first ' || id`,
      );
      const { rows: added } = await client.query(`SELECT FROM ${MENDED} WHERE id = -1`);
      return rows[0]!.kept < 300 || added.length > 0;
    });
  }

  private async nameDifferences(): Promise<void> {
    const found = await this.world.run(['verify']);
    if (!/"id": "47"/.test(found.stdout)) throw new Error(`verify did not find the rows that differ\n${found.stdout}`);
    writeFileSync(this.world.fileOf(VERIFICATION), found.stdout);
  }

  /** The clone keeps what it has of both: all that was sent, and of what is sent no more each turn whole or not at all. */
  async expectKept(): Promise<void> {
    const { dropped, turns } = this.last!;
    await this.world.inShop('target', async (client) => {
      const print = await printOf(client, DROPPED);
      if (`${print.rows} ${print.sum}` !== dropped)
        throw new Error(`of the table that was dropped the clone has ${print.rows} ${print.sum}, and not ${dropped}`);
      const now = await turnsOf(client);
      for (const [writer, turn] of turns)
        if ((now.get(writer) ?? 0) < turn)
          throw new Error(`turn ${turn} of writer ${writer} was sent, and the clone has ${now.get(writer) ?? 0} last`);
    });
  }

  private readonly onSource = (sql: string): Promise<unknown> =>
    this.world.inShop('source', (client) => client.query(`BEGIN; ${sql}; COMMIT`));
}

/** The last turn of each writer of the table that is deselected; throws where a turn is not there whole. */
async function turnsOf(client: Client): Promise<Map<number, number>> {
  const { rows } = await client.query<{ writer: number; last: number; whole: boolean }>(
    `SELECT writer, max(turn) AS last,
            count(*) = 2 * (max(turn) - min(turn) + 1) AND min(turn) = greatest(1, max(turn) - ${TURNS_KEPT - 1})
              AND bool_and(note = 'whole') AND count(DISTINCT turn) = max(turn) - min(turn) + 1 AS whole
       FROM ${DESELECTED} WHERE writer > 0 GROUP BY writer`,
  );
  const broken = rows.filter(({ whole }) => !whole);
  if (broken.length > 0) throw new Error(`turns are there by half, of writer ${broken.map(({ writer }) => writer)}`);
  return new Map(rows.map(({ writer, last }) => [writer, last]));
}
