import { EXIT_CODES } from './exit-codes';
import { describeOperatorError, OperatorError } from './operator-error';

/** As the shell reports a program that ended of SIGPIPE. */
export const NOBODY_READS = EXIT_CODES.unread.code;

/**
 * Whoever read our output may be gone, as `head` is after its lines. Node turns that into an error event of the stream
 * and, when nobody listens, ends the process with a stack. What is written from then on goes nowhere.
 *
 * @param whenGone called once the reader of stdout is gone
 * @param unwritten called for whatever else keeps stdout from being written, such as a disk that is full
 */
export function outliveReaders(
  whenGone: () => void = () => undefined,
  unwritten: (error: OperatorError) => void = fail,
): void {
  // Where stderr cannot be written there is nowhere to say it.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE') return whenGone();
    unwritten(
      new OperatorError({
        code: 'OUTPUT_UNWRITABLE',
        seen: `what was to be shown cannot be written: ${cause.message}`,
        why: 'whoever reads it would take a part for the whole',
        next: 'make room there, or write it elsewhere; then run the command again',
        cause,
      }),
    );
  });
}

function fail(error: OperatorError): never {
  process.stderr.write(`${describeOperatorError(error)}\n`);
  process.exit(EXIT_CODES.error.code);
}
