import { outliveReaders } from '../errors/closed-pipe';
import { exitOfError } from '../errors/exit-of-error';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { FORMAT_VERSION } from './document';
import { program } from './program';

outliveReaders();
program((text) => process.stdout.write(`${text}\n`))
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    if (process.argv.includes('--json'))
      process.stdout.write(`${JSON.stringify({ format_version: FORMAT_VERSION, type: 'error', ...error.toJSON() })}\n`);
    console.error(describeOperatorError(error));
    process.exitCode = exitOfError(error);
  });
