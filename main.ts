import { join } from 'node:path';
import { assertNoStackLeft } from './environments/left-stacks';
import { loadEnvironments } from './environments/loader';
import { describeOperatorError, OperatorError } from './errors/operator-error';
import { buildApp } from './stacks/app';

/** Synthesises both stacks of every environment; `cdktf` runs it. */
try {
  const environments = loadEnvironments();
  const app = buildApp(environments);
  assertNoStackLeft(join(app.outdir, 'stacks'), environments);
  app.synth();
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exitCode = 1;
}
