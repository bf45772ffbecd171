import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { leftBehind } from './run/left-behind';
import { isWhole, type Project, type Run } from './run/whole';

/**
 * After the last test: nothing is left behind, and of a whole run, every advice was carried out.
 *
 * @throws Error naming what is left, or each advice that no test carried out
 */
export default async function afterAllTests(run: Run, project: Project): Promise<void> {
  const scratch = tmpdir();
  const left = await leftBehind(scratch);
  try {
    if (isWhole(run, project)) {
      // Read only here: it takes longer to load than most tests.
      const { assertAdviceCarriedOut } = await import('./advice/whole-run');
      assertAdviceCarriedOut();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  if (left.length > 0) throw new Error(`The tests left behind:\n  ${left.join('\n  ')}`);
}
