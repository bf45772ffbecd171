import { connectBy } from '../../../lab/connections';
import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { DirectLab } from './direct-lab';
import { execute } from './provocations';
import { LONGEST_WAIT_MS, TableWriters } from './table-writers';

/** A table for TableWriters. */
export const made = (table: string): string =>
  `CREATE TABLE ${table} (id bigint PRIMARY KEY, writer integer NOT NULL, note text DEFAULT 'none')`;
export const filled = (table: string): string =>
  `INSERT INTO ${table} SELECT g, 0, 'first' FROM generate_series(1, 60) g`;

/** A clone that follows database shop, of which all tables are selected. */
export class NewTableWorld {
  private constructor(readonly lab: DirectLab) {}

  static async start(name: string, more: readonly string[] = []): Promise<NewTableWorld> {
    const world = new NewTableWorld(await DirectLab.start(name, { databases: ['shop'] }));
    const { lab } = world;
    await world.onSource(
      // A schema that the replication role may not use, with a table that the clone comes with.
      'CREATE SCHEMA "other side"',
      'CREATE TABLE "other side".old (id bigint PRIMARY KEY)',
      'CREATE TABLE orders (id bigint PRIMARY KEY, note text)',
      `INSERT INTO orders VALUES (1, 'old')`,
      ...more,
    );
    await lab.run('apply');
    await lab.deployTarget();
    const admin = await connectBy((database) => lab.lab.adminConnection('clone', database))('shop');
    await execute(admin, [`ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()']);
    await lab.run('apply');
    return world;
  }

  onSource = async (...statements: string[]) => execute(await this.lab.source('shop'), statements);
  onClone = async (...statements: string[]) => execute(await this.lab.clone('shop'), statements);
  caughtUp = () => waitUntilCaughtUp(this.lab.source, ['acas_demo_shop']);

  /** Every row of both sides, side by side: shares nothing with what compares in sql-runner. @returns how many */
  async same(...tables: string[]): Promise<number> {
    await this.caughtUp();
    let rows = 0;
    for (const table of tables) {
      const read = `SELECT t::text AS row FROM ${table} t ORDER BY t::text COLLATE "C"`;
      const [there, here] = [await this.onSource(read), await this.onClone(read)];
      expect(here).toEqual(there);
      rows += there.length;
    }
    return rows;
  }

  async drop(...tables: string[]): Promise<void> {
    await this.onSource(...tables.map((table) => `DROP TABLE ${table}`));
    await this.onClone(...tables.map((table) => `DROP TABLE IF EXISTS ${table}`));
    await this.lab.run('apply');
  }

  async writersOf(table: string): Promise<TableWriters> {
    return new TableWriters([await this.lab.source('shop'), await this.lab.source('shop')], table);
  }

  /** A run of apply to its end, with what it has told. */
  async applied(): Promise<EngineEvent[]> {
    const events: EngineEvent[] = [];
    expect(await this.lab.run('apply', { listener: (event) => events.push(event) })).toBe('applied');
    return events;
  }
}

/** No write was refused or kept waiting for long. */
export function expectUnharmed(writers: TableWriters): void {
  expect(writers.errors).toEqual([]);
  expect(writers.slowestMs).toBeLessThan(LONGEST_WAIT_MS);
  expect(writers.transactions).toBeGreaterThan(0);
}
