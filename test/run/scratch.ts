import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { scratchBase } from '../support/memory';
import { processesOf } from './processes';

/** What a whole run needs at a time, with room. */
const ENOUGH_BYTES = 4 * 2 ** 30;
const NAME = 'acas-tests-';
/** The run's own record, what servers are copied from, and what tsx has compiled, which it keeps beside everybody's temporary files. */
const EXPECTED = /^(carried-out\.jsonl|templates|tsx-\d+)$/;

/** One folder for all temporary files of this run of jest, its workers and all that they start. */
export function makeScratch(): string {
  const base = scratchBase(ENOUGH_BYTES);
  sweep(base);
  const folder = mkdtempSync(join(base, `${NAME}${process.pid}-`));
  // As root, servers run as another user, who has to pass through.
  chmodSync(folder, 0o711);
  return folder;
}

/** What runs left that were killed: their servers too. */
function sweep(base: string): void {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(NAME))) {
    const folder = join(base, name);
    if (isAlive(Number(name.slice(NAME.length).split('-')[0])) || lstatSync(folder).uid !== userInfo().uid) continue;
    // An immediate shutdown lets a server give back its shared memory.
    for (const { pid } of processesOf(folder)) signal(pid, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
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
