import { OperatorError } from '../../../errors/operator-error';
import { slotReaders, type SlotReader } from '../../postgres/catalog/senders';
import type { Operation, SqlOperation } from '../../model/change';
import { streamsOf, type StreamOf } from '../../model/streams';
import { enabledAmong } from '../enabled-among';
import type { Execution } from '../execution';
import { waitFor } from '../wait';

type Anew = Extract<Operation, { kind: 'connect-anew' }>;

/** A worker sees the new connection at once, in the middle of a large transaction at its end; then it is started anew. */
const RECONNECT_MS = 60_000;

/**
 * Every subscription gets its connection before any is waited for: the old one is of no use any more, and one that is
 * stuck must not keep the others from theirs. A worker that is connected goes on with the password of before, so only
 * another one shows that the new one lets it in. One that is disabled, of a stream that is held, tries it later.
 */
export async function connectAnew(
  { connections: all }: Anew,
  execution: Execution,
  alter: (operation: SqlOperation) => Promise<void>,
): Promise<void> {
  const before = await readers(execution);
  const failures: unknown[] = [];
  for (const { operation } of all) await alter(operation).catch((cause: unknown) => failures.push(cause));
  if (failures.length > 0) throw failures[0];
  const { connections, patience } = execution;
  const names = new Set(all.map(({ subscription }) => subscription));
  const own = streamsOf(connections.contracts.source).filter(({ stream }) => names.has(stream.subscription));
  const awaited = await enabledAmong(connections, own);
  let left: readonly StreamOf[] = awaited;
  const done = await waitFor(async () => {
    const now = await readers(execution);
    left = awaited.filter((of) => !isAnother(readerOf(now, of), readerOf(before, of)));
    return left.length === 0 || patience?.interrupted() === true ? true : null;
  }, RECONNECT_MS);
  if (done === null) throw notConnected(execution, left);
}

const readers = ({ connections }: Execution): Promise<SlotReader[]> =>
  connections.first('source').then((first) => connections.use(first, slotReaders));

const readerOf = (all: readonly SlotReader[], { stream }: StreamOf) => all.find(({ slot }) => slot === stream.slot);

const isAnother = (now: SlotReader | undefined, before: SlotReader | undefined): boolean =>
  now?.active === true && now.pid !== null && now.pid !== before?.pid;

function notConnected({ connections }: Execution, left: readonly StreamOf[]): OperatorError {
  const { environment } = connections.contracts.source;
  return new OperatorError({
    code: 'NOT_STREAMING',
    seen: `every subscription has the new password, and nobody has begun to read slot ${left.map(({ stream }) => stream.slot).join(', ')} anew in ${RECONNECT_MS / 1000} s`,
    why: 'that it can log in with the new password was not seen; a worker in the middle of a large transaction connects anew after that',
    next: `sql-runner status ${environment} shows the worker; its error is in the log of the clone`,
  });
}
