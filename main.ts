import { loadEnvironments } from './environments/loader';
import { describeOperatorError, OperatorError } from './errors/operator-error';
import { buildApp } from './stacks/app';

/** Synthesises both stacks of every environment; `cdktf` runs it. */
try {
  buildApp(loadEnvironments()).synth();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exitCode = 1;
}
