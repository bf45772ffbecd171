import { OperatorError } from '../errors/operator-error';
import { inSession } from './connections';
import { labCommand } from './hints';
import { jobPid, startJob, stopJob } from './jobs';
import { openLab, type Lab } from './lab';
import { assertUp } from './servers';
import { WORKLOAD_DATABASES } from './workload/seed';

/** Lets production write until it is told to stop. */
export async function startWriting(options: { name: string; writers: number; pause: number }): Promise<void> {
  const lab = openLab(options.name);
  const stop = `Stop them: ${labCommand(lab.state.name, 'writers stop')}`;
  const pid = jobPid(lab.directory, 'writers');
  if (pid !== undefined) {
    console.log(`Production is written to already, by process ${pid}.\n${stop}`);
    return;
  }
  assertUp(lab, ['source']);
  await assertSeeded(lab);
  await startJob(lab, 'writers', { writers: options.writers, pauseMs: options.pause });
  const sessions = options.writers === 1 ? 'One session writes' : `${options.writers} sessions write`;
  console.log(`${sessions} to ${WORKLOAD_DATABASES.join(' and ')} of production now, in the background.\n${stop}`);
}

export async function stopWriting(options: { name: string }): Promise<void> {
  const lab = openLab(options.name);
  const said = jobPid(lab.directory, 'writers') === undefined ? undefined : await stopJob(lab.directory, 'writers');
  console.log(said === undefined ? 'Nobody writes to production.' : `The writers have stopped: ${said}.`);
}

async function assertSeeded(lab: Lab): Promise<void> {
  for (const database of WORKLOAD_DATABASES) {
    const isThere = lab.cluster('source').databases.includes(database) && (await hasTables(lab, database));
    if (!isThere) throw notSeeded(lab, database);
  }
}

async function hasTables(lab: Lab, database: string): Promise<boolean> {
  return inSession(lab.sourceConnection(database), async (client) => {
    const { rows } = await client.query(
      `SELECT FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LIMIT 1`,
    );
    return rows.length > 0;
  });
}

function notSeeded(lab: Lab, database: string): OperatorError {
  const { name } = lab.state;
  return new OperatorError({
    code: 'LAB_NOT_SEEDED',
    seen: `Database ${database} of production has no tables.`,
    why: 'The writers change the rows of the seeded tables, which only environment demo has.',
    next: `Make them: npm run -s lab -- seed --name ${name}`,
  });
}
