import { EXIT_CODES } from './exit-codes';

/** As the shell reports a program that ended of SIGPIPE. */
export const NOBODY_READS = EXIT_CODES.unread.code;

/**
 * Whoever read our output may be gone, as `head` is after its lines. Node turns that into an error event of the stream
 * and, when nobody listens, ends the process with a stack. What is written from then on goes nowhere.
 *
 * @param whenGone called once the reader of stdout is gone
 */
export function outliveReaders(whenGone: () => void = () => undefined): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (stream === process.stdout) whenGone();
    });
  }
}
