import { propose, sqlChange, type Change, type Finding, type Proposal, type Statement } from '../../model/change';
import type { CronAccess, CronJobFacts, Inheritable } from '../../model/inheritable';
import { quoteLiteral } from '../../postgres/text/quoting';

/**
 * pg_cron's jobs come along with its table, and run on the clone as soon as its
 * server starts with pg_cron loaded: production's work a second time, writing
 * rows that collide with those that replication brings.
 */
export function planInheritedCronJobs(source: Inheritable, target: Inheritable): Proposal {
  const active = target.cronJobs.filter((job) => job.active);
  const access = (job: CronJobFacts) => target.cron.find((table) => table.database === job.database);
  const stopped = active.filter((job) => isCopy(source, job) && access(job)?.deactivate != null);
  const left = active.filter((job) => !stopped.includes(job));
  return propose(
    stopped.map((job) => deactivate(job, access(job)!)),
    [...left.map((job) => leave(job, isCopy(source, job))), ...target.cron.flatMap(hidden)],
  );
}

function isCopy(source: Inheritable, job: CronJobFacts): boolean {
  return source.cronJobs.some(
    (other) => other.database === job.database && other.jobId === job.jobId && other.digest === job.digest,
  );
}

/** What it runs is not shown: commands hold secrets. */
function describe(job: CronJobFacts): string {
  return `pg_cron job ${job.jobId}${job.name === null ? '' : ` (${job.name})`} in database ${job.database}`;
}

function deactivate(job: CronJobFacts, access: CronAccess): Change {
  const id = quoteLiteral(job.jobId);
  const statement: Statement =
    access.deactivate === 'update'
      ? { text: `UPDATE cron.job SET active = false WHERE jobid = ${id}` }
      : { text: `SELECT cron.alter_job(job_id := ${id}, active := false)` };
  return sqlChange({
    address: { side: 'target', database: job.database, kind: 'inherited-cron-job', name: job.jobId },
    action: 'update',
    reason: `a copy of a job of the source${job.name === null ? '' : ` (${job.name})`}; here it would do production's work a second time`,
    place: { side: 'target', database: job.database },
    guards: [],
    // The table has row security, which our sessions turn into an error otherwise.
    statements: [{ text: 'SET LOCAL row_security = on' }, statement],
  });
}

/** A number without its type would be taken for a name: pg_cron has unschedule(name), too. */
function leave(job: CronJobFacts, copy: boolean): Finding {
  return {
    code: 'CRON_JOB_LEFT',
    severity: 'warn',
    seen: `${describe(job)} of the clone stays active: ${copy ? 'this login may not change it' : 'the source has not the same one'}`,
    why: 'if it writes to replicated tables, the rows collide with those of the source and replication stops',
    next: `if it is not meant for the clone, as its owner, in database ${job.database} on the clone: SELECT cron.unschedule(${quoteLiteral(job.jobId)}::bigint);`,
  };
}

function hidden(table: CronAccess): Finding[] {
  if (table.mayRead && !table.ownOnly) return [];
  return [
    {
      code: 'CRON_JOBS_HIDDEN',
      severity: 'warn',
      seen: `database ${table.database} of the clone has pg_cron, and this login sees ${table.mayRead ? 'only its own jobs' : 'none of its jobs'}`,
      why: 'jobs of other users go on running on the clone and may write to replicated tables',
      next: "leave pg_cron out of the clone's shared_preload_libraries, or have its owner deactivate the jobs there",
    },
  ];
}
