import { OperatorError } from '../../../errors/operator-error';
import { replicationSlots } from '../../postgres/catalog/slots';
import type { Operation } from '../../model/change';
import { GaveUp, type Execution } from '../execution';
import { slotBlockers } from '../slot-blockers';
import { waitFor } from '../wait';
import type { Place } from '../../model/address';

const LOOK_EVERY_MS = 500;
const BLOCKERS_AFTER_MS = 3_000;
/** While the same ones are in the way. */
const REPEAT_EVERY_MS = 15_000;
const SLOT_FREE_TIMEOUT_MS = 60_000;

/** PostgreSQL's SQLSTATE of a statement that was cancelled. */
const QUERY_CANCELED = '57014';

/**
 * A slot reaches its consistent point only when every transaction that was open
 * has ended (snapbuild.c), so the wait is named while it lasts. Whoever asks to
 * stop ends it: the server rolls back what there is of the slot.
 */
export async function createSlot(
  operation: Extract<Operation, { kind: 'create-slot' }>,
  execution: Execution,
): Promise<void> {
  const session = await execution.writer(operation.place);
  const watch = watchCreation(operation, session.backendPid, execution);
  try {
    await session.transaction(async () => {
      // The wait for a transaction is a lock wait (XactLockTableWait), yet one that blocks nobody.
      await session.query('SET LOCAL lock_timeout = 0');
      await session.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [operation.slot]);
    });
  } catch (cause) {
    if (watch.cancelled() && (cause as { code?: string }).code === QUERY_CANCELED) throw new GaveUp();
    throw cause;
  } finally {
    watch.stop();
  }
}

interface CreationWatch {
  readonly cancelled: () => boolean;
  stop(): void;
}

/** Says whom it waits for, again and again, and cancels it once the operator has asked to stop. */
function watchCreation(
  { place, slot }: { readonly place: Place; readonly slot: string },
  own: number,
  { connections, listener, interrupted }: Execution,
): CreationWatch {
  const began = Date.now();
  let [said, saidAt, looking, cancelled] = ['', began + BLOCKERS_AFTER_MS - REPEAT_EVERY_MS, false, false];
  const tell = async (): Promise<void> => {
    const blockers = await connections.use(place, (session) => slotBlockers(session, own));
    const names = blockers.map(({ who }) => who).join(', ');
    if (names === '' || (names === said && Date.now() - saidAt < REPEAT_EVERY_MS)) return;
    [said, saidAt] = [names, Date.now()];
    const seconds = Math.round((Date.now() - began) / 1_000);
    listener({ type: 'waiting', for: `open transactions to end: ${names}`, slot, seconds, blockers });
  };
  const look = async (): Promise<void> => {
    if (interrupted()) {
      cancelled = true;
      await connections.use(place, (session) => session.query('SELECT pg_cancel_backend($1)', [own]));
    } else if (Date.now() - began >= BLOCKERS_AFTER_MS) await tell();
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // Only a courtesy: the creation itself reports what is wrong.
    void look()
      .catch(() => undefined)
      .finally(() => (looking = false));
  }, LOOK_EVERY_MS);
  return { cancelled: () => cancelled, stop: () => clearInterval(timer) };
}

/** The apply worker of a dropped subscription needs a moment to leave its slot. */
export async function dropSlot(
  operation: Extract<Operation, { kind: 'drop-slot' }>,
  execution: Execution,
): Promise<void> {
  const session = await execution.writer(operation.place);
  const find = async () => (await replicationSlots(session)).find((slot) => slot.name === operation.slot) ?? null;
  const isFree = async () => {
    const slot = await find();
    return slot === null || !slot.active ? { gone: slot === null } : null;
  };
  const free = await waitFor(isFree, SLOT_FREE_TIMEOUT_MS, undefined, execution.interrupted);
  if (free === null) throw stillActive(operation.slot, (await find())?.activePid ?? null);
  if (!free.gone) await session.query('SELECT pg_drop_replication_slot($1)', [operation.slot]);
}

function stillActive(slot: string, pid: number | null): OperatorError {
  return new OperatorError({
    code: 'SLOT_ACTIVE',
    seen: `replication slot ${slot} is still read by process ${pid ?? '(unknown)'}`,
    why: 'a slot in use cannot be dropped, and whoever reads it would lose its place',
    next: `see who it is: SELECT * FROM pg_stat_replication WHERE pid = ${pid ?? 0}; stop that subscriber and run the same command again`,
  });
}
