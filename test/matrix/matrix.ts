import Table from 'cli-table3';
import { installOtherMajors } from './install';
import { type MajorRun, runMajor } from './major-run';
import { wantedMajors } from './suite';

/**
 * Runs the core suite on every major version of PostgreSQL, one after the
 * other.
 *
 *   npm run test:matrix             13 to 18
 *   npm run test:matrix -- 13 16    these only
 */
async function main(): Promise<void> {
  const majors = wantedMajors(process.argv.slice(2));
  installOtherMajors();
  const runs: MajorRun[] = [];
  for (const major of majors) {
    console.log(`PostgreSQL ${major} …`);
    const run = await runMajor(major);
    if (!run.green) console.log(run.output);
    for (const text of run.adviceLeft) console.log(`No test on ${major} carried out as printed: ${text}`);
    runs.push(run);
  }
  console.log(tableOf(runs));
  process.exitCode = runs.every((run) => run.green) ? 0 : 1;
}

function tableOf(runs: readonly MajorRun[]): string {
  const table = new Table({
    head: ['PostgreSQL', 'result', 'passed', 'failed', 'seconds'],
    style: { head: [], border: [] },
  });
  for (const { major, green, passed, failed, seconds } of runs) {
    table.push([major, green ? 'ok' : 'FAILED', passed, failed, Math.round(seconds)]);
  }
  return table.toString();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
