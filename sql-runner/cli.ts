#!/usr/bin/env node
import { CommanderError } from 'commander';
import { NOBODY_READS, outliveReaders } from '../errors/closed-pipe';
import { EXIT_CODES } from '../errors/exit-codes';
import { exitOfError } from '../errors/exit-of-error';
import { endOnSignals } from './commands/interruption';
import { sayError } from './commands/log';
import { jsonLine } from './commands/machine-output';
import { explain } from './explain/explain';
import { program } from './program';
import { usageError } from './usage-error';

/** argv to command to exit code. */
async function main(): Promise<number> {
  let code = 0;
  const root = program((exitCode) => (code = exitCode));
  try {
    await root.parseAsync();
    return code;
  } catch (cause) {
    if (!(cause instanceof CommanderError)) return fail(cause);
    // The version or a help was asked for, or is shown to whoever has typed no command.
    if (cause.exitCode === 0 || cause.code === 'commander.help') return cause.exitCode;
    const typed = root.commands.find((command) => command.name() === process.argv[2]);
    const verb = typed?.options.some(({ long }) => long === '--json') ? typed : undefined;
    return fail(usageError(cause, verb?.name()));
  }
}

function fail(cause: unknown): number {
  const error = explain(cause);
  if (process.argv.includes('--json')) process.stdout.write(`${jsonLine({ type: 'error', ...error.toJSON() })}\n`);
  sayError(error);
  return exitOfError(error);
}

/** These only show something; others finish what they have begun, read and written or not. */
const ONLY_SHOW = ['ddl', 'doctor', 'history', 'plan', 'serve', 'status', 'verify', 'watch'];

const [verb = '', action = ''] = process.argv.slice(2);
const onlyShows = ONLY_SHOW.includes(verb) && !(verb === 'ddl' && ['apply', 'skip'].includes(action));
let unwritten = false;
outliveReaders(
  () => {
    if (onlyShows) process.exit(NOBODY_READS);
  },
  (error) => {
    if (!unwritten) sayError(error);
    unwritten = true;
    if (onlyShows) process.exit(exitOfError(error));
  },
);

endOnSignals();

// What nobody waited for. Node would print the error as it is, with all that a server or a driver put into it.
process.once('uncaughtException', (cause) => process.exit(fail(cause)));

void main().then((code) => {
  process.exitCode = unwritten ? code || EXIT_CODES.error.code : code;
});
