import { OperatorError } from '../../../errors/operator-error';
import { doing, openFor } from '../../checks/session-words';
import {
  openWriteTransactions,
  preparedTransactions,
  type OpenWriteTransaction,
} from '../../postgres/catalog/activity';
import { replicationSlots } from '../../postgres/catalog/slots';
import { quoteLiteral } from '../../postgres/text/quoting';
import type { Session } from '../../postgres/session';
import type { Operation } from '../../model/change';
import type { Execution } from '../execution';
import { waitFor } from '../wait';
import type { Place } from '../../model/address';

const BLOCKER_CHECK_MS = 3_000;
const SLOT_FREE_TIMEOUT_MS = 60_000;

/**
 * A slot reaches its consistent point only when every transaction that was open
 * has ended (snapbuild.c), so the wait is named while it lasts.
 */
export async function createSlot(
  operation: Extract<Operation, { kind: 'create-slot' }>,
  execution: Execution,
): Promise<void> {
  const session = await execution.writer(operation.place);
  const watch = watchBlockers(operation.place, session.backendPid, execution);
  try {
    await session.transaction(async () => {
      // The wait for a transaction is a lock wait (XactLockTableWait), yet one that blocks nobody.
      await session.query('SET LOCAL lock_timeout = 0');
      await session.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [operation.slot]);
    });
  } finally {
    watch.stop();
  }
}

function watchBlockers(place: Place, own: number, execution: Execution): { stop(): void } {
  let said = '';
  const timer = setInterval(() => {
    void (async () => {
      const found = await execution.connections.use(place, (session) => blockers(session, own));
      const who = found.map(({ who }) => who).join();
      // What it is at and for how long changes all the time; it is told once.
      if (who !== '' && who !== said)
        execution.listener({ type: 'waiting', for: `open transactions to end: ${found.map(wordsOf).join(', ')}` });
      said = who;
    })().catch(() => undefined); // Only a courtesy: the creation itself reports what is wrong.
  }, BLOCKER_CHECK_MS);
  return { stop: () => clearInterval(timer) };
}

interface Blocker {
  readonly who: string;
  readonly doing: string;
}

const wordsOf = ({ who, doing }: Blocker): string => `${who}${doing}`;

/** A prepared transaction has no process any more, and may never end by itself. */
async function blockers(session: Session, own: number): Promise<Blocker[]> {
  const [open, prepared] = [await openWriteTransactions(session), await preparedTransactions(session)];
  return [
    ...open
      .filter(({ pid }) => pid !== own)
      .map((one) => ({
        who: `process ${one.pid} of ${one.user}`,
        doing: `${application(one)}${openFor(one.ageSeconds)}${doing(one)}`,
      })),
    ...prepared.map((one) => ({
      who: `prepared transaction ${quoteLiteral(one.gid)} of ${one.owner} in ${one.database}`,
      doing: openFor(one.ageSeconds),
    })),
  ];
}

const application = ({ applicationName }: OpenWriteTransaction): string =>
  applicationName === null || applicationName === '' ? '' : ` (${applicationName})`;

/** The apply worker of a dropped subscription needs a moment to leave its slot. */
export async function dropSlot(
  operation: Extract<Operation, { kind: 'drop-slot' }>,
  execution: Execution,
): Promise<void> {
  const session = await execution.writer(operation.place);
  const find = async () => (await replicationSlots(session)).find((slot) => slot.name === operation.slot) ?? null;
  const free = await waitFor(async () => {
    const slot = await find();
    return slot === null || !slot.active ? { gone: slot === null } : null;
  }, SLOT_FREE_TIMEOUT_MS);
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
