import { exitOfError } from '../../errors/exit-of-error';
import { describeOperatorError } from '../../errors/operator-error';
import { explain } from '../../sql-runner/explain/explain';
import { program } from '../../sql-runner/program';
import type { ChildResult } from '../../lab/demo/child';

/** Runs one command line of sql-runner after the other, as sql-runner/cli.ts runs its only one. */
async function run(argv: string[]): Promise<ChildResult> {
  const result: ChildResult = { exitCode: 0, stdout: '', stderr: '' };
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      result[name] += String(text);
      return true;
    };
  try {
    await program((exitCode) => (result.exitCode = exitCode)).parseAsync(argv, { from: 'user' });
  } catch (cause) {
    const error = explain(cause);
    result.exitCode = exitOfError(error);
    process.stderr.write(`${describeOperatorError(error)}\n`);
  } finally {
    Object.assign(process.stdout, { write: writes.stdout });
    Object.assign(process.stderr, { write: writes.stderr });
  }
  return result;
}

process.on('message', (argv: string[]) => void run(argv).then((result) => process.connected && process.send?.(result)));
