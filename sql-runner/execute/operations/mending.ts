import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';

export type Mending = Extract<Operation, { kind: 'mend-rows' }>;

/** What is thrown in its transaction takes that back, and the lock that held the stream with it. */
export const notMended = ({ place, environment }: Mending, seen: string, cause?: unknown): OperatorError =>
  new OperatorError({
    code: 'ROWS_NOT_MENDED',
    seen: `database ${place.database}: ${seen}`,
    why: 'all rows of a stream are mended in one transaction, and that was taken back; the stream goes on as before',
    next: `remove the cause and run the same command again, with what sql-runner verify ${environment} --json finds by then`,
    cause,
  });
