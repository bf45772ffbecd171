import type { DirectLab } from './direct-lab';

export interface Written {
  readonly writes: number;
  /** The longest that one write took, in milliseconds. */
  readonly longestMs: number;
  /** How often a write was seen to wait for a session of sql-runner, or for somebody who waits for one. */
  readonly behindUs: number;
  readonly refused: readonly string[];
}

/** Of a lock_timeout of sql-runner's sessions that write. */
const PATIENCE_MS = 5_000;

/** Production: updates the tables in turn until it is stopped, and is looked at meanwhile. */
export async function startImpatientWriter(
  world: DirectLab,
  tables: readonly string[],
): Promise<{ stop(): Promise<Written> }> {
  const [writer, watcher] = [await world.source('shop'), await world.source('shop')];
  const { rows } = await writer.query<{ pid: number }>(
    `SELECT pg_backend_pid() AS pid, set_config('lock_timeout', $1, false), set_config('application_name', 'production', false)`,
    [String(PATIENCE_MS)],
  );
  let stopped = false;
  const seen = { writes: 0, longestMs: 0, behindUs: 0, refused: [] as string[] };
  const write = async (): Promise<void> => {
    for (let n = 0; !stopped && seen.refused.length < 9; n += 1) {
      const started = Date.now();
      try {
        await writer.query(`UPDATE ${tables[n % tables.length]!} SET note = note || 'y' WHERE id = 1`);
        await writer.query('SELECT pg_sleep(0.01)');
      } catch (error) {
        seen.refused.push(String(error));
      }
      seen.writes += 1;
      seen.longestMs = Math.max(seen.longestMs, Date.now() - started);
    }
  };
  const watch = async (): Promise<void> => {
    while (!stopped) {
      const { rows: found } = await watcher.query(
        `SELECT FROM unnest(pg_blocking_pids($1)) b (pid) JOIN pg_stat_activity a USING (pid)
          WHERE a.application_name LIKE 'sql-runner%'
             OR EXISTS (SELECT FROM unnest(pg_blocking_pids(a.pid)) c (pid) JOIN pg_stat_activity d ON d.pid = c.pid
                         WHERE d.application_name LIKE 'sql-runner%')
          UNION ALL SELECT FROM pg_sleep(0.01) WHERE false`,
        [rows[0]!.pid],
      );
      seen.behindUs += found.length;
    }
  };
  const working = Promise.all([write(), watch()]);
  return {
    stop: async () => {
      stopped = true;
      await working;
      await Promise.all([writer.end(), watcher.end()]);
      return seen;
    },
  };
}
