import { OperatorError } from '../../../errors/operator-error';
import { subscriptions } from '../../postgres/catalog/subscriptions';
import { slotReaders, type SlotReader } from '../../postgres/catalog/senders';
import type { Operation } from '../../model/change';
import type { Execution } from '../execution';
import { waitFor } from '../wait';

type Anew = Extract<Operation, { kind: 'connect-anew' }>;

/** A worker sees the new connection at once, in the middle of a large transaction at its end; then it is started anew. */
const RECONNECT_MS = 60_000;

/**
 * A worker that is connected goes on with the password of before: only another one has logged in with the new one. One
 * that is disabled, of a stream that is held, tries it when it is enabled again.
 */
export async function connectAnew(operation: Anew, execution: Execution, alter: () => Promise<void>): Promise<void> {
  const before = await readerOf(operation, execution);
  await alter();
  if (!(await isEnabled(operation, execution))) return;
  const done = await waitFor(async () => {
    const now = await readerOf(operation, execution);
    return now?.active === true && now.pid !== null && now.pid !== before?.pid ? true : null;
  }, RECONNECT_MS);
  if (done === null) throw notConnected(operation, execution);
}

async function readerOf({ sql, slot }: Anew, { connections }: Execution): Promise<SlotReader | null> {
  const { database } = sql.place;
  const readers = await connections.use({ side: 'source', database }, slotReaders);
  return readers.find((reader) => reader.slot === slot) ?? null;
}

async function isEnabled({ sql, subscription }: Anew, { connections }: Execution): Promise<boolean> {
  const found = (await connections.use(sql.place, subscriptions)).find(({ name }) => name === subscription);
  return found?.enabled === true;
}

function notConnected({ sql, slot }: Anew, { connections }: Execution): OperatorError {
  const { environment } = connections.contracts.source;
  return new OperatorError({
    code: 'NOT_STREAMING',
    seen: `nobody has begun to read slot ${slot} of database ${sql.place.database} anew in ${RECONNECT_MS / 1000} s`,
    why: 'the subscription has its new connection, and that it can log in with it was not seen',
    next: `sql-runner status ${environment} shows the worker; its error is in the log of the clone`,
  });
}
