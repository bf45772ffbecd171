import { outliveReaders } from '../errors/closed-pipe';
import { exitOfError } from '../errors/exit-of-error';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { program } from './program';

outliveReaders();
program((text) => process.stdout.write(`${text}\n`))
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    console.error(describeOperatorError(error));
    process.exitCode = exitOfError(error);
  });
