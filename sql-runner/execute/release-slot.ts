import { releaseReason } from '../checks/wal-budget';
import { heldBack } from '../checks/slot-growth';
import type { Connections } from '../connections/connections';
import { formatMark, ownMark } from '../model/mark';
import type { StreamOf } from '../model/streams';
import { publications } from '../postgres/catalog/publications';
import { slotReaders } from '../postgres/catalog/senders';
import { currentFlushLsn } from '../postgres/catalog/server';
import { replicationSlots, type ReplicationSlot } from '../postgres/catalog/slots';
import type { Session } from '../postgres/session';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { isLost } from '../resources/replication-slot';
import { takeLock } from './lock';
import { waitFor } from './wait';

/** A worker that was thrown out of its slot is back within wal_retrieve_retry_interval, five seconds by default. */
const PATIENCE_MS = 10_000;

/**
 * Drops the slot of a stream that has used up its budget, where the environment file asks for it; before, the mark of
 * its publication records when and why. It asks the server itself once more, under the lock of the environment.
 * @returns why it was dropped; null: it was not, as its budget is not used up, or it is not ours
 * @throws OperatorError LOCK_HELD, SLOT_ACTIVE by what the server says; the next look tries again
 */
export async function releaseSlot(connections: Connections, of: StreamOf): Promise<string | null> {
  const { environment } = connections.contracts.source;
  const place = { side: 'source', database: of.database } as const;
  const session = await connections.writer(place, (fresh) => takeLock(fresh, environment, 0, () => undefined));
  const because = await reasonNow(connections, session, of);
  if (because === null || !(await recorded(session, environment, of, because))) return null;
  await waitFor(async () => (await dropped(session, of.stream.slot)) || null, PATIENCE_MS);
  return because;
}

async function reasonNow({ contracts }: Connections, session: Session, of: StreamOf): Promise<string | null> {
  const slot = (await replicationSlots(session)).find(({ name }) => name === of.stream.slot);
  if (slot === undefined || isLost(slot) || slot.database !== of.database) return null;
  const reader = (await slotReaders(session)).find((one) => one.slot === slot.name);
  const server = { flushLsn: await currentFlushLsn(session) };
  const retainedBytes = heldBack({ server } as Parameters<typeof heldBack>[0], slot);
  return releaseReason(contracts.source.budget, { retainedBytes, unreadSeconds: reader?.unreadSeconds ?? null });
}

/** @returns whether it is ours */
async function recorded(session: Session, environment: string, of: StreamOf, because: string): Promise<boolean> {
  const found = (await publications(session)).find(({ name }) => name === of.stream.publication);
  const mark = ownMark(found?.comment ?? null, 'publication', environment);
  if (mark === null || mark.slot !== of.stream.slot) return false;
  const comment = formatMark({ ...mark, released: { at: new Date(Date.now()).toISOString(), because } });
  await session.query(`COMMENT ON PUBLICATION ${quoteIdent(of.stream.publication)} IS ${quoteLiteral(comment)}`);
  return true;
}

/** Whoever reads it is thrown out: what it costs production is why. */
async function dropped(session: Session, name: string): Promise<boolean> {
  const find = async (): Promise<ReplicationSlot | undefined> =>
    (await replicationSlots(session)).find((slot) => slot.name === name);
  const slot = await find();
  if (slot === undefined) return true;
  if (slot.activePid !== null) await session.query('SELECT pg_terminate_backend($1)', [slot.activePid]);
  try {
    await session.query('SELECT pg_drop_replication_slot($1)', [name]);
    return true;
  } catch (cause) {
    // In use again, or not free yet.
    if ((cause as { code?: string }).code !== '55006') throw cause;
    return false;
  }
}
