import type { Session } from '../session';

/** pg_cron's table of jobs, where the current database has it. */
export interface CronTable {
  readonly mayRead: boolean;
  /** Row security hides the jobs of other users. */
  readonly ownOnly: boolean;
  readonly deactivate: 'update' | 'alter_job' | null;
}

/** null: no pg_cron here. By catalog, because to_regclass fails where USAGE on the schema is missing. */
export async function cronTable(session: Session): Promise<CronTable | null> {
  const [row] = await session.query<{ mayRead: boolean; ownOnly: boolean; update: boolean; alterJob: boolean }>(
    `SELECT has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS "mayRead",
            row_security_active(c.oid) AS "ownOnly",
            has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'UPDATE') AS update,
            EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname = 'alter_job'
                       AND p.proargnames @> ARRAY['job_id', 'active'] AND has_function_privilege(p.oid, 'EXECUTE')) AS "alterJob"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'cron' AND c.relname = 'job' AND c.relkind = 'r'`,
  );
  if (row === undefined) return null;
  const deactivate = row.update ? 'update' : row.alterJob ? 'alter_job' : null;
  return { mayRead: row.mayRead, ownOnly: row.ownOnly, deactivate };
}

export interface CronJob {
  readonly jobId: string;
  readonly name: string | null;
  readonly active: boolean;
  /** Of schedule, command, node, database and user: the command itself may hold secrets. */
  readonly digest: string;
}

/**
 * The table has row security, which our sessions turn into an error (row_security = off): it is on for this one
 * statement. As JSON, a column that an older pg_cron lacks (jobname) is simply absent.
 */
export async function cronJobs(session: Session): Promise<CronJob[]> {
  return session.transaction(
    async () => {
      await session.query('SET LOCAL row_security = on');
      return session.query<CronJob>(
        `SELECT j.jobid::text AS "jobId", to_jsonb(j) ->> 'jobname' AS name, j.active,
                md5((to_jsonb(j) - 'active')::text) AS digest
           FROM cron.job j ORDER BY j.jobid`,
      );
    },
    { readOnly: true },
  );
}
