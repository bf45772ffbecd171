import { listEnvironments, loadEnvironment } from './environments/loader';
import { describeOperatorError, OperatorError } from './environments/operator-error';
import { buildApp } from './stacks/app';

/** Synthesises both stacks of every environment; `cdktf` runs it. */
function main(): void {
  buildApp(listEnvironments().map((file) => loadEnvironment(file))).synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exitCode = 1;
}
