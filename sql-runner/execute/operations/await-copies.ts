import { OperatorError } from '../../../errors/operator-error';
import { readServerLog } from '../../aws/server-log';
import { logEntries } from '../../checks/log-entries';
import type { Operation } from '../../model/change';
import { tableKey } from '../../model/table-index';
import { displayTable } from '../../model/table-selection';
import { clockOf } from '../../postgres/catalog/server';
import { copiedSoFar } from '../../postgres/catalog/table-needs';
import type { Execution } from '../execution';
import { waitFor } from '../wait';

type Copying = Extract<Operation, { kind: 'copy-tables' }>;

const TELL_EVERY_MS = 5_000;
/** Its worker begins anew after wal_retrieve_retry_interval, 5 s, and fails again as long as the reason is there. */
const ASK_LOG_EVERY_MS = 10_000;
const PATIENCE_MS = 600_000;

/** In words of people; see pg_subscription_rel in catalogs.sgml. */
const WORDS: Readonly<Record<string, string>> = {
  i: 'not begun',
  d: 'rows are copied',
  f: 'rows are copied, catching up',
  s: 'catching up',
  r: 'ready',
};

/** Until the subscription has each table ready. As long as states or copies move, however slowly, it is waited for. */
export async function awaitCopies(
  operation: Copying,
  execution: Execution,
  takenNow: () => Promise<ReadonlyMap<string, string>>,
): Promise<void> {
  const { tables, stream } = operation;
  const { connections, listener, patience } = execution;
  const began = await connections.use(stream.place, clockOf);
  // 0: the run is not to wait until all is in sync; a table that is half there is waited for all the same.
  const limit = patience === undefined || patience.timeoutMs === 0 ? PATIENCE_MS : patience.timeoutMs;
  const seen = { told: 0, asked: Date.now(), moved: Date.now(), states: '', bytes: '' };
  const look = async () => {
    const now = await takenNow();
    const open = tables.filter((table) => now.get(tableKey(table)) !== 'r');
    if (open.length === 0) return 'ready';
    const words = open.map(
      (table) => `${displayTable(table)} (${WORDS[now.get(tableKey(table)) ?? ''] ?? 'not taken'})`,
    );
    const [states, bytes] = [words.join(', '), await connections.use(stream.place, copiedSoFar)];
    const isSame = states === seen.states;
    if (!isSame || bytes !== seen.bytes) seen.moved = Date.now();
    if (!isSame || Date.now() - seen.told >= TELL_EVERY_MS) {
      listener({ type: 'waiting', for: `the copy of ${states} in database ${stream.place.database}` });
      seen.told = Date.now();
    }
    Object.assign(seen, { states, bytes });
    if (Date.now() - seen.asked >= ASK_LOG_EVERY_MS) {
      seen.asked = Date.now();
      const failed = await failureOf(operation, execution, began);
      if (failed !== null) throw copyFailed(operation, open, `the clone's worker says: ${failed}`);
    }
    if (Date.now() - seen.moved >= limit)
      throw copyFailed(operation, open, `nothing moved for ${Math.round(limit / 1_000)} s: ${seen.states}`);
    return null;
  };
  const interrupted = () => patience?.interrupted() ?? execution.interrupted();
  while ((await waitFor(look, limit, undefined, interrupted)) === null);
}

const OF_COPIES =
  /^(?:could not start initial contents copy for table|could not receive list|could not fetch table info|table ".*" not found on publisher|could not create replication slot|all replication slots are in use|logical replication target relation)/;
const STARTED = /^logical replication table synchronization worker for subscription "(.*)", table "(.*)" has started$/;

/** The newest error of a worker that copies a table of ours, since the wait began; null: the log has none, or cannot be read. */
async function failureOf(
  { stream, tables }: Copying,
  { connections }: Execution,
  began: string,
): Promise<string | null> {
  const { target } = connections.contracts;
  const log = await readServerLog(connections.targetAccount, target!.cluster.identifier);
  const names = new Set(tables.map(({ name }) => name));
  const ours = new Set<number>();
  let failed: string | null = null;
  for (const { at, pid, level, message } of logEntries(log.tail)) {
    const [, subscription, table] = STARTED.exec(message) ?? [];
    if (subscription !== undefined) {
      if (subscription === stream.subscription && names.has(table!)) ours.add(pid);
      else ours.delete(pid);
    }
    if (level !== 'ERROR' || Date.parse(at) < Date.parse(began)) continue;
    if (ours.has(pid) || (OF_COPIES.test(message) && tables.some(({ name }) => message.includes(name))))
      failed = message;
  }
  return failed;
}

function copyFailed(
  { stream }: Copying,
  open: readonly { schema: string; name: string }[],
  said: string,
): OperatorError {
  return new OperatorError({
    code: 'NEW_TABLE_NOT_COPIED',
    seen: `the copy of ${open.map(displayTable).join(', ')} in database ${stream.place.database} does not get on: ${said}`,
    why: 'it begins anew for ever, and keeps WAL on the source; changes of the table that came with it wait for it, other tables go on',
    next: 'put right what it says; then run the same command again, which goes on where it stands',
  });
}
