import Table from 'cli-table3';
import { runStep, STEPS, type StepRun } from './step';
import { binOf, installNodes, wantedNodes } from './versions';

/**
 * Runs sql-runner, the unit tests and the demo with each version of Node, one
 * after the other.
 *
 *   npm run test:nodes             every version
 *   npm run test:nodes -- 20 24    these only
 */
async function main(): Promise<void> {
  const versions = wantedNodes(process.argv.slice(2));
  installNodes();
  const table = new Table({ head: ['Node', ...STEPS.map(({ name }) => name)], style: { head: [], border: [] } });
  for (const version of versions) {
    const runs: StepRun[] = [];
    for (const step of STEPS) {
      console.log(`Node ${version}: ${step.name} …`);
      const run = await runStep(step, binOf(version));
      if (!run.green) console.log(run.output);
      runs.push(run);
    }
    table.push([version, ...runs.map(({ green, seconds }) => `${green ? 'ok' : 'FAILED'}, ${Math.round(seconds)} s`)]);
    if (runs.some(({ green }) => !green)) process.exitCode = 1;
  }
  console.log(table.toString());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
