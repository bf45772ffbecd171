import { join } from 'node:path';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { ensureTerraform } from '../lab/terraform/ensure';
import { makeScratch } from './run/scratch';
import { orphanedSegments } from './run/segments';
import { isWhole, type Project, type Run } from './run/whole';

/**
 * Before the first test, and seen by all workers and what they start: where temporary files are, what servers are
 * copied from, where advice is noted (a file that is given is added to), and which terraform is run. Where none fits, a
 * whole run fetches it once; of a part, only the tests that need it do.
 */
export default async function beforeAllTests(run: Run, project: Project): Promise<void> {
  const scratch = await makeScratch();
  process.env.TMPDIR = scratch;
  // npm keeps compiled code among the temporary files, from Node 22 on.
  process.env.NODE_DISABLE_COMPILE_CACHE = '1';
  // Tests make clients of their own; that sql-runner's are silent, sdk-notice.test.ts looks without it.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  process.env.ADVICE_RECORD ??= join(scratch, 'carried-out.jsonl');
  process.env.LAB_TEMPLATES = join(scratch, 'templates');
  process.env.SEGMENTS_BEFORE = orphanedSegments().join(' ');
  if (!isWhole(run, project)) return;
  try {
    await ensureTerraform();
  } catch (error) {
    throw error instanceof OperatorError ? new Error(describeOperatorError(error)) : error;
  }
}
