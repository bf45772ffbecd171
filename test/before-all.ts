import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { ensureTerraform } from '../lab/terraform/ensure';
import startRecord from './advice/start-record';
import { isWhole, type Run } from './advice/whole-run';

/**
 * Before the first test, and seen by all: where advice is noted, and which terraform is run. Where none fits, a whole
 * run fetches it once; of a part, only the tests that need it do.
 */
export default async function beforeAllTests(
  run: Run,
  { testPathIgnorePatterns }: { testPathIgnorePatterns: string[] },
): Promise<void> {
  startRecord();
  if (!isWhole(run, testPathIgnorePatterns)) return;
  try {
    await ensureTerraform();
  } catch (error) {
    throw error instanceof OperatorError ? new Error(describeOperatorError(error)) : error;
  }
}
