import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildResult } from '../../../lab/demo/child';
import { SQL_RUNNER } from '../../../lab/demo/toolchain';
import type { DirectLab } from '../../e2e/support/direct-lab';

/** What names the stacks' outputs, as files in the folder. */
function outputsIn({ contracts }: DirectLab, folder: string): string[] {
  return [contracts.source, contracts.target].flatMap((contract, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(contract));
    return ['--outputs', file];
  });
}

/** Each run a process, as in the demo. */
export function sqlRunnerOn(world: DirectLab, folder: string) {
  const outputs = outputsIn(world, folder);
  return (verb: string, environment: string, ...flags: string[]): Promise<ChildResult> =>
    new Promise((resolve) => {
      const argv = [SQL_RUNNER, ...verb.split(' '), environment, ...outputs, '--no-color', ...flags];
      // What the lab has set is in the environment of the tests, which is not that of their process.
      execFile(process.execPath, argv, { env: { ...process.env } }, (error, stdout, stderr) =>
        resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
}

/** One that goes on until it is told to stop. */
export function startSqlRunner(world: DirectLab, folder: string, verb: string, ...flags: string[]): ChildProcess {
  const argv = [SQL_RUNNER, verb, 'demo', ...outputsIn(world, folder), '--no-color', ...flags];
  return spawn(process.execPath, argv, { env: { ...process.env }, stdio: ['ignore', 'pipe', 'pipe'] });
}
