import { randomUUID } from 'node:crypto';
import { OperatorError } from '../../../errors/operator-error';
import { deleteTicket, writeTicket } from '../../aws/ticket-parameter';
import { replicationSlots, type ReplicationSlot } from '../../postgres/catalog/slots';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import { formatMark } from '../../model/mark';
import type { Operation, TicketEntry } from '../../model/change';
import type { Execution } from '../execution';
import { namingWaits } from '../lock-wait';
import type { Place } from '../../model/address';

/**
 * The nonce goes into every publication first and into the parameter last: as
 * long as the parameter is missing no clone can be taken, so a run that dies in
 * between has promised nothing.
 */
export async function issueTicket(
  operation: Extract<Operation, { kind: 'issue-ticket' }>,
  execution: Execution,
): Promise<void> {
  const nonce = operation.nonce ?? randomUUID();
  for (const entry of operation.entries) await markPublication(entry, nonce, operation.nonce !== null, execution);
  await writeTicket(execution.connections.targetAccount, operation.parameter, {
    version: 1,
    environment: operation.environment,
    nonce,
    issuedAt: new Date().toISOString(),
  });
}

async function markPublication(
  entry: TicketEntry,
  nonce: string,
  reused: boolean,
  execution: Execution,
): Promise<void> {
  if (reused) return;
  const place: Place = { side: 'source', database: entry.database };
  const session = await execution.writer(place);
  const slot = (await replicationSlots(session)).find((candidate) => candidate.name === entry.mark.slot);
  if (slot?.confirmedFlushLsn == null || slot.active) throw notReady(entry, slot);
  const mark = formatMark({ ...entry.mark, ticket: { nonce, confirmedFlushLsn: slot.confirmedFlushLsn } });
  await namingWaits(place, session, execution, () =>
    session.query(`COMMENT ON PUBLICATION ${quoteIdent(entry.publication)} IS ${quoteLiteral(mark)}`),
  );
}

function notReady(entry: TicketEntry, slot: ReplicationSlot | undefined): OperatorError {
  return new OperatorError({
    code: slot?.active ? 'SLOT_ACTIVE' : 'SLOT_LOST',
    seen: `replication slot ${entry.mark.slot} of database ${entry.database} ${slot?.active ? `is read by process ${slot.activePid}` : 'does not exist'}`,
    why: 'a ticket must not promise changes that are already consumed',
    next: `stop whoever reads or drops it, then: sql-runner apply ${entry.mark.environment}`,
  });
}

export async function removeTicket(
  operation: Extract<Operation, { kind: 'delete-ticket' }>,
  execution: Execution,
): Promise<void> {
  await deleteTicket(execution.connections.targetAccount, operation.parameter);
}
