import { outliveReaders } from '../errors/closed-pipe';
import { describeOperatorError, OperatorError } from '../errors/operator-error';
import { program } from './program';

outliveReaders();
program()
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    console.error(describeOperatorError(error));
    process.exitCode = 1;
  });
