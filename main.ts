import { environmentsDirectory, listEnvironments, loadEnvironment } from './environments/loader';
import { describeOperatorError, OperatorError } from './errors/operator-error';
import { buildApp } from './stacks/app';

/** Synthesises both stacks of every environment; `cdktf` runs it. */
function main(): void {
  const files = listEnvironments();
  if (files.length === 0) {
    throw new OperatorError({
      code: 'NO_ENVIRONMENTS',
      seen: `There is no environment file in ${environmentsDirectory()}.`,
      why: 'Every environment is one YAML file there, and there is nothing to synthesise without one.',
      next: 'Copy environments/example.yaml, or correct ENVIRONMENTS_DIR.',
    });
  }
  buildApp(files.map((file) => loadEnvironment(file))).synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exitCode = 1;
}
