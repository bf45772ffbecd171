import type { SourceContract } from '../../stacks/contract';
import { block, NOTHING, propose, type Change, type Proposal, type StreamOf } from '../engine/change';
import type { SlotFacts, SourceObservation } from '../engine/observation';
import { quoteIdent, quoteLiteral } from '../postgres/quoting';
import { newClone } from './new-clone';
import { findPublication, publicationMark } from './publication';

export function findSlot(source: SourceObservation, of: StreamOf): SlotFacts | null {
  return source.slots.find((slot) => slot.name === of.stream.slot) ?? null;
}

/**
 * A slot has no comment to mark: it is ours when our publication names it.
 * @param cloned a clone made under the ticket exists, so the slot cannot be made again
 * @param subscribedTwoPhase our subscription has made it two-phase (from 18 on), and is put back with it
 */
export function planSlot(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamOf,
  cloned: boolean,
  subscribedTwoPhase = false,
): Proposal {
  const slot = findSlot(source, of);
  const mark = publicationMark(contract, findPublication(source, of));
  if (slot === null) {
    if (mark?.ticket !== undefined && cloned) return block(lostSlot(contract, of, 'does not exist any more'));
    return propose([createSlot(of)]);
  }
  if (mark === null || mark.slot !== slot.name) {
    return block({
      code: 'SLOT_NAME_TAKEN',
      seen: `replication slot ${slot.name} exists on ${contract.cluster.identifier} and no publication of ours names it`,
      why: 'another consumer may read from it; sharing a slot loses changes for both',
      next: `rename the environment; or, if nobody uses it, drop it in database ${slot.database ?? of.database} on the source: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
    });
  }
  return judgeSlot(contract, of, subscribedTwoPhase ? { ...slot, twoPhase: false } : slot);
}

function judgeSlot(contract: SourceContract, of: StreamOf, slot: SlotFacts): Proposal {
  if (slot.walStatus === 'lost' || slot.invalidationReason !== null) {
    return block(lostSlot(contract, of, `is lost (${slot.invalidationReason ?? 'its WAL was removed'})`));
  }
  if (!isOfOurKind(slot, of)) {
    return block({
      code: 'SLOT_MISMATCH',
      seen: `replication slot ${slot.name} is ${describeKind(slot)}; needed: logical, pgoutput, ${of.database}, neither temporary nor two-phase`,
      why: 'sql-runner never makes such a slot: a subscription could not read from it, or would get transactions that are prepared only',
      next: `drop it and run sql-runner apply ${contract.environment}, which says how to go on; in database ${slot.database ?? of.database} on the source: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
    });
  }
  return NOTHING;
}

/** As sql-runner makes them. A two-phase slot would send transactions when they are prepared, not when they commit. */
export function isOfOurKind(slot: SlotFacts, of: StreamOf): boolean {
  const logical = slot.slotType === 'logical' && slot.plugin === 'pgoutput' && slot.database === of.database;
  return logical && !slot.temporary && !slot.twoPhase;
}

function describeKind(slot: SlotFacts): string {
  const more = [slot.temporary ? ', temporary' : '', slot.twoPhase ? ', two-phase' : ''].join('');
  return `${slot.slotType}, plugin ${slot.plugin}, database ${slot.database}${more}`;
}

function lostSlot(contract: SourceContract, of: StreamOf, what: string) {
  return {
    code: 'SLOT_LOST',
    seen: `replication slot ${of.stream.slot} on ${contract.cluster.identifier} ${what}`,
    why: 'the changes it held are gone; a new slot would start later and skip them silently',
    next: newClone(contract),
  };
}

function createSlot(of: StreamOf) {
  return {
    id: `source/${of.database}/slot/${of.stream.slot}`,
    action: 'create' as const,
    side: 'source' as const,
    reason: 'keeps every change from now on; waits for transactions that are open',
    preview: [`SELECT pg_create_logical_replication_slot(${quoteLiteral(of.stream.slot)}, 'pgoutput');`],
    operation: {
      kind: 'create-slot' as const,
      place: { side: 'source' as const, database: of.database },
      slot: of.stream.slot,
    },
  };
}

export function planSlotDrop(contract: SourceContract, source: SourceObservation, of: StreamOf): Proposal {
  const slot = findSlot(source, of);
  const mark = publicationMark(contract, findPublication(source, of));
  if (slot === null || mark === null || mark.slot !== slot.name) return NOTHING;
  return propose([slotDrop(of)]);
}

export function slotDrop(of: StreamOf): Change {
  return {
    id: `source/${of.database}/slot/${of.stream.slot}`,
    action: 'delete',
    side: 'source',
    reason: 'it would hold back WAL for a subscriber that is gone',
    preview: [
      `SELECT pg_drop_replication_slot(${quoteLiteral(of.stream.slot)});  -- once its subscription ${quoteIdent(of.stream.subscription)} has left`,
    ],
    operation: { kind: 'drop-slot', place: { side: 'source', database: of.database }, slot: of.stream.slot },
  };
}
