import { setTimeout as pause } from 'node:timers/promises';
import { type Connect, countTables, type SeededTable, WORKLOAD_DATABASES } from '../workload/seed';
import { withClient } from './bystander';
import { ensure } from './ensure';

/** Counts of one table on both sides. */
export interface CountedPair {
  table: string;
  source: number;
  target: number;
}

const CATCH_UP_MS = 180_000;

/** Waits until the clone has confirmed everything that the source has written so far. Writers must have stopped. */
export async function waitUntilCaughtUp(source: Connect, slots: string[]): Promise<void> {
  await withClient(source, WORKLOAD_DATABASES[0], async (client) => {
    const { rows } = await client.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
    const deadline = Date.now() + CATCH_UP_MS;
    for (;;) {
      const behind = await client.query<{ name: string }>(
        'SELECT slot_name AS name FROM pg_replication_slots WHERE slot_name = ANY ($1) AND confirmed_flush_lsn < $2::pg_lsn',
        [slots, rows[0]?.lsn],
      );
      if (behind.rows.length === 0) return;
      ensure(
        Date.now() < deadline,
        `${behind.rows.map((row) => row.name).join(', ')} did not reach ${rows[0]?.lsn} in a minute.`,
      );
      await pause(50);
    }
  });
}

/** Counts every replicated table on both sides, by plain count(*), sharing nothing with `sql-runner verify`. */
export async function countBothSides(source: Connect, target: Connect): Promise<CountedPair[]> {
  const pairs = await Promise.all(
    WORKLOAD_DATABASES.map(async (database) => {
      const [here, there] = await Promise.all(
        [source, target].map((connect) => withClient(connect, database, (c) => countTables(c, database))),
      );
      return (here ?? []).filter(isReplicated).map((table) => ({
        table: nameOf(table),
        source: table.rows,
        target: there?.find((other) => nameOf(other) === nameOf(table))?.rows ?? -1,
      }));
    }),
  );
  return pairs.flat();
}

/** The schema `scratch` is outside the selection of environments/demo.yaml. */
function isReplicated(table: SeededTable): boolean {
  return table.schema !== 'scratch';
}

function nameOf({ database, schema, name }: SeededTable): string {
  return `${database}.${schema}.${name}`;
}
