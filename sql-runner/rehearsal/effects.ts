import { displayedSql, displayQualified } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import type { Effects, Lock } from '../migration/verdict';
import { looksAtSql } from './own-values';
import { MARKERS } from './stage';

/** How each relation lies and was read so far in this transaction. */
interface Seen {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly node: string;
  readonly scans: number;
}

/** Runs a statement inside of the session's transaction, and looks what it does to tables beside its result. */
export async function withEffects(session: ScratchSession, run: () => Promise<void>): Promise<Effects> {
  const before = await seen(session);
  const heldBefore = new Set((await locks(session)).map(lockKey));
  await run();
  const held = [...(await locks(session)), ...(await locksOfDropped(session, before))].filter(
    (lock) => !heldBefore.has(lockKey(lock)),
  );
  const after = new Map((await seen(session)).map((one) => [one.oid, one]));
  const there = before.filter(({ oid }) => after.has(oid));
  const changed = (test: (was: Seen, is: Seen) => boolean): string[] =>
    there.filter((was) => test(was, after.get(was.oid)!)).map(displayQualified);
  return {
    rewrites: changed((was, is) => was.node !== is.node),
    scans: changed((was, is) => is.scans > was.scans),
    locks: held,
    outsideTransaction: false,
  };
}

const lockKey = ({ table, mode }: Lock): string => `${table} ${mode}`;

/** Tables alone: whoever has one of those has locked what belongs to it. TRUNCATE gives new files as well; its rows are none. */
async function seen(session: ScratchSession): Promise<Seen[]> {
  return session.query<Seen>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            pg_relation_filenode(c.oid)::text AS node, coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int - ${looksAtSql()} AS scans
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384 AND n.nspname <> $1`,
    [MARKERS.schema],
  );
}

/** Stronger than a reader's, of this session. */
async function locks(session: ScratchSession): Promise<Lock[]> {
  return session.query<Lock>(`${LOCKS_SQL} AND l.pid = pg_backend_pid() ORDER BY 1, 2`);
}

/** What was dropped has its lock until the end, and no name any more. */
async function locksOfDropped(session: ScratchSession, before: readonly Seen[]): Promise<Lock[]> {
  const rows = await session.query<{ oid: number; mode: string }>(
    `SELECT DISTINCT l.relation::int8::float8 AS oid, l.mode FROM pg_locks l
      WHERE l.pid = pg_backend_pid() AND l.mode <> 'AccessShareLock'
        AND l.relation IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.relation)`,
  );
  return rows.flatMap(({ oid, mode }) => {
    const dropped = before.find((one) => one.oid === oid);
    return dropped === undefined ? [] : [{ table: displayQualified(dropped), mode }];
  });
}

const LOCKS_SQL = `SELECT DISTINCT ${displayedSql()} AS "table", l.mode
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND c.oid >= 16384
   AND c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_toast', 'sql_runner_ddl_check') AND l.mode <> 'AccessShareLock'`;

/**
 * Of a statement that no transaction may hold: a writer stands in its way on every table, so that it waits in its middle,
 * with the locks that it has and the one that it asks for in sight.
 */
export async function locksMeanwhile(
  session: ScratchSession,
  onlooker: ScratchSession,
  run: () => Promise<void>,
): Promise<readonly Lock[]> {
  const [me] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await onlooker.query('BEGIN');
  await onlooker.execute(await lockAllSql(onlooker));
  const found = new Map<string, Lock>();
  let done = false;
  const running = run().finally(() => (done = true));
  running.catch(() => undefined);
  for (let look = 0; !done && look < LOOKS; look++) {
    const rows = await onlooker.query<Lock & { waits: boolean }>(
      `SELECT x.*, EXISTS (SELECT FROM pg_locks w WHERE w.pid = $1 AND NOT w.granted) AS waits FROM (${LOCKS_SQL} AND l.pid = $1) x`,
      [me!.pid],
    );
    for (const { table, mode } of rows) found.set(`${table} ${mode}`, { table, mode });
    if (rows.some(({ waits }) => waits)) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await onlooker.query('ROLLBACK');
  await running;
  return [...found.values()];
}

/** It waits within milliseconds, or does not at all. */
const LOOKS = 200;

async function lockAllSql(session: ScratchSession): Promise<string> {
  const [row] = await session.query<{ names: string | null }>(
    `SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ') AS names FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND n.nspname NOT IN ('sql_runner_ddl_check') AND NOT c.relispartition`,
  );
  return row!.names === null ? 'SELECT 1' : `LOCK TABLE ${row!.names} IN ROW EXCLUSIVE MODE`;
}

/** Files of tables, to see a rewrite by what has no transaction. */
export async function filesOf(session: ScratchSession): Promise<ReadonlyMap<string, string>> {
  return new Map((await seen(session)).map((one) => [displayQualified(one), one.node]));
}
