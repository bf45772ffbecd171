import { releaseReason } from '../checks/wal-budget';
import { unconfirmed } from '../checks/slot-growth';
import type { Connections } from '../connections/connections';
import { formatMark, ownMark, type PublicationMark } from '../model/mark';
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
 * its publication records when and why. It asks the server itself once more, under the lock of the environment, and
 * again once that is recorded: between the two it may have waited, and the clone have followed.
 * @returns why it was dropped; null: it was not, as its budget is not used up, or it is not ours
 * @throws OperatorError LOCK_HELD, SLOT_ACTIVE by what the server says; the next look tries again
 */
export async function releaseSlot(connections: Connections, of: StreamOf): Promise<string | null> {
  const { environment } = connections.contracts.source;
  const place = { side: 'source', database: of.database } as const;
  const session = await connections.writer(place, (fresh) => takeLock(fresh, environment, 0, () => undefined));
  const because = await reasonNow(connections, session, of);
  const mark = because === null ? null : await markOf(session, environment, of);
  if (because === null || mark === null) return null;
  await record(session, of, { ...mark, released: { at: new Date(Date.now()).toISOString(), because } });
  if ((await reasonNow(connections, session, of)) === null) {
    await record(session, of, mark);
    return null;
  }
  await waitFor(async () => (await dropped(session, of.stream.slot)) || null, PATIENCE_MS);
  return because;
}

async function reasonNow({ contracts }: Connections, session: Session, of: StreamOf): Promise<string | null> {
  const slot = (await replicationSlots(session)).find(({ name }) => name === of.stream.slot);
  if (slot === undefined || isLost(slot) || slot.database !== of.database) return null;
  const reader = (await slotReaders(session)).find((one) => one.slot === slot.name);
  const server = { flushLsn: await currentFlushLsn(session) };
  const unconfirmedBytes = unconfirmed(server, slot);
  return releaseReason(contracts.source.budget, { unconfirmedBytes, unreadSeconds: reader?.unreadSeconds ?? null });
}

/** @returns null: it is not ours */
async function markOf(session: Session, environment: string, of: StreamOf): Promise<PublicationMark | null> {
  const found = (await publications(session)).find(({ name }) => name === of.stream.publication);
  const mark = ownMark(found?.comment ?? null, 'publication', environment);
  return mark?.slot === of.stream.slot ? mark : null;
}

async function record(session: Session, { stream }: StreamOf, mark: PublicationMark): Promise<void> {
  const comment = quoteLiteral(formatMark(mark));
  await session.query(`COMMENT ON PUBLICATION ${quoteIdent(stream.publication)} IS ${comment}`);
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
