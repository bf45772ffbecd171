import { connectBy } from './connections';
import { Lab } from './lab';
import type { Job } from './processes';
import { startWriters } from './workload/writers';

/**
 * A process that goes on until it is told to stop (SIGTERM) or the lab goes
 * down. Started by lab/jobs.ts with the lab's directory, the job and its
 * settings in argv. What it has to say at its end is the last line of its log.
 */
type Ending = () => Promise<string>;

const JOBS: Readonly<Record<Job, (lab: Lab, settings: never) => Promise<Ending>>> = { writers, lock };

async function writers(lab: Lab, settings: { writers: number; pauseMs: number }): Promise<Ending> {
  const running = await startWriters(
    connectBy((database) => lab.sourceConnection(database)),
    settings,
  );
  // One that failed says so when it is asked.
  const watch = setInterval(() => {
    try {
      running.counts();
    } catch (error) {
      fail(error);
    }
  }, 1_000);
  return async () => {
    clearInterval(watch);
    const { committed, rolledBack, interrupted, rowsChanged } = await running.stop();
    return `${committed} transactions committed, ${rolledBack} rolled back, ${interrupted} interrupted; ${rowsChanged} rows changed`;
  };
}

/** @param settings.table quoted as needed */
async function lock(lab: Lab, { database, table }: { database: string; table: string }): Promise<Ending> {
  const client = await connectBy((name) => lab.cloneConnection(name))(database);
  // Whoever ends the session has healed it.
  client.once('end', () => process.exit(0));
  await client.query("SET application_name = 'lab break lock'");
  await client.query('BEGIN');
  await client.query(`LOCK TABLE ${table} IN SHARE MODE`);
  return async () => {
    client.removeAllListeners('end');
    await client.end();
    return 'the lock is released';
  };
}

async function main(): Promise<void> {
  const [directory = '', job = '', settings = ''] = process.argv.slice(2);
  const end = await JOBS[job as Job](new Lab(directory), JSON.parse(settings) as never);
  process.once('SIGTERM', () => {
    end().then((said) => {
      console.log(said);
      process.exit(0);
    }, fail);
  });
  process.send?.('at work');
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

main().catch(fail);
