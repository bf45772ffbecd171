import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { leftBehind } from './run/left-behind';
import { isWhole, type Project, type Run } from './run/whole';

/**
 * After the last test: nothing is left behind, and of a whole run, every advice was carried out. What is left, and each advice
 * that no test carried out, is named, and the run fails; an error would take jest's own results with it, its file of them too.
 */
export default async function afterAllTests(run: Run, project: Project): Promise<void> {
  const scratch = tmpdir();
  const left = await leftBehind(scratch);
  if (left.length > 0) fail(`The tests left behind:\n  ${left.join('\n  ')}`);
  if (isWhole(run, project)) {
    // Read only here: it takes longer to load than most tests.
    const { adviceNotCarriedOut } = await import('./advice/whole-run');
    const missing = adviceNotCarriedOut();
    if (missing.length > 0) fail(`Advice that no test carried out as printed:\n  ${missing.join('\n  ')}`);
  }
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** jest sets its exit code as it ends, from the tests alone. */
function fail(why: string): void {
  console.error(why);
  process.on('exit', () => (process.exitCode = 1));
}
