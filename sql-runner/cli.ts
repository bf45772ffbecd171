#!/usr/bin/env node
import { NOBODY_READS, outliveReaders } from '../errors/closed-pipe';
import { exitOfError } from '../errors/exit-of-error';
import { describeOperatorError } from '../errors/operator-error';
import { endOnSignals } from './commands/interruption';
import { explain } from './explain/explain';
import { program } from './program';

/** argv to command to exit code. */
async function main(): Promise<number> {
  try {
    let code = 0;
    await program((exitCode) => (code = exitCode)).parseAsync();
    return code;
  } catch (cause) {
    return fail(cause);
  }
}

function fail(cause: unknown): number {
  const error = explain(cause);
  if (process.argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ type: 'error', ...error.toJSON() })}\n`);
  process.stderr.write(`${describeOperatorError(error)}\n`);
  return exitOfError(error);
}

/** These only show something; others finish what they have begun, read or not. */
const ONLY_SHOW = ['doctor', 'plan', 'status', 'verify'];

outliveReaders(() => {
  if (ONLY_SHOW.includes(process.argv[2] ?? '')) process.exit(NOBODY_READS);
});

endOnSignals();

// What nobody waited for. Node would print the error as it is, with all that a server or a driver put into it.
process.once('uncaughtException', (cause) => process.exit(fail(cause)));

void main().then((code) => {
  process.exitCode = code;
});
