import { OperatorError } from '../../../errors/operator-error';
import { displayTable } from '../../model/table-selection';
import { tableWriters, type TableWriter } from '../../postgres/catalog/table-writers';
import type { Session } from '../../postgres/session';
import type { Execution } from '../execution';
import { waitFor } from '../wait';
import type { Mending } from './mending';

const LOOK_EVERY_MS = 20;

/**
 * Whoever writes to the tables on the source at this moment has ended. Who begins later does not count: what it writes
 * is committed after this moment. Nobody is kept from anything by it.
 */
export async function untilWritersEnded(
  source: Session,
  operation: Mending,
  { listener, interrupted }: Execution,
  timeoutMs: number,
): Promise<void> {
  let left = await tableWriters(source, operation.tables);
  if (left.length === 0) return;
  let told = false;
  const ended = await waitFor(
    async () => {
      const now = new Set((await tableWriters(source, operation.tables)).map(({ transaction }) => transaction));
      left = left.filter(({ transaction }) => now.has(transaction));
      if (left.length > 0 && !told) listener({ type: 'waiting', for: `the end of ${writerWords(left[0]!)}` });
      told ||= left.length > 0;
      return left.length === 0 ? true : null;
    },
    timeoutMs,
    LOOK_EVERY_MS,
    interrupted,
  );
  if (ended === null) throw writesOn(operation, left[0]!);
}

function writerWords({ schema, name, pid, gid, user, applicationName, since }: TableWriter): string {
  const who = pid === null ? `prepared transaction ${gid ?? '(hidden)'}` : `the transaction of process ${pid}`;
  return `${who} of ${user ?? '(hidden)'} (${applicationName ?? '(hidden)'}), open since ${since ?? '(unknown)'}, which may have written to ${displayTable({ schema, name })} on the source`;
}

const writesOn = ({ place }: Mending, writer: TableWriter): OperatorError =>
  new OperatorError({
    code: 'ROWS_NOT_MENDED',
    seen: `database ${place.database}: waited in vain for the end of ${writerWords(writer)}`,
    why: 'until it has ended it is not known what the clone has of it; no row was mended with this look',
    next: 'wait until that has ended, and run the same command again',
  });
