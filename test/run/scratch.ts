import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { scratchBase, scratchBases } from '../support/memory';
import { processesOf } from './processes';

/** What a whole run needs at a time, with room. */
const ENOUGH_BYTES = 4 * 2 ** 30;
const NAME = 'acas-tests-';
/** A server ends its own processes by force after five seconds (SIGKILL_CHILDREN_AFTER_SECS in postmaster.c). */
const POLITE_MS = 10_000;
/** The run's own record, what servers are copied from, and what tsx has compiled, which it keeps beside everybody's temporary files. */
const EXPECTED = /^(carried-out\.jsonl|templates|tsx-\d+)$/;

/** One folder for all temporary files of this run of jest, its workers and all that they start. */
export async function makeScratch(): Promise<string> {
  for (const base of scratchBases()) await sweep(base);
  const folder = mkdtempSync(join(scratchBase(ENOUGH_BYTES), `${NAME}${process.pid}-`));
  // As root, servers run as another user, who has to pass through.
  chmodSync(folder, 0o711);
  return folder;
}

/** What runs left that were killed: their servers too. */
export async function sweep(base: string): Promise<void> {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(NAME))) {
    const folder = join(base, name);
    // Another run that begins may have swept it already.
    const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid;
    if (isAlive(Number(name.slice(NAME.length).split('-')[0])) || owner !== userInfo().uid) continue;
    await endAll(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * An immediate shutdown lets a server give back its shared memory. Asked again until nobody is left: what was about to
 * start something may have done so meanwhile.
 */
async function endAll(folder: string): Promise<void> {
  // One that is just being started has no environment for a moment by which it could be known: nobody is seen twice.
  let quiet = 0;
  const ask = (name: NodeJS.Signals): boolean => {
    const running = processesOf(folder);
    for (const { pid } of running) signal(pid, name);
    quiet = running.length === 0 ? quiet + 1 : 0;
    return quiet > 1;
  };
  await eventually(() => Promise.resolve(ask('SIGQUIT')), POLITE_MS).catch(() =>
    eventually(() => Promise.resolve(ask('SIGKILL'))),
  );
}

/** What tests have put there. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((entry) => !EXPECTED.test(entry));
}

const isAlive = (pid: number): boolean => signal(pid, 0);

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
