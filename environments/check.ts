import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { loadEnvironments } from './loader';

/** Before `cdktf synth`, which would print what is wrong with a file twice, and only after ten seconds. */
try {
  loadEnvironments();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exitCode = 1;
}
