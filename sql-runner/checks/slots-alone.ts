import { streamFacts, type StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { SourceObservation } from '../model/observation';
import type { ServerFacts } from '../postgres/catalog/server';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { planSlot } from '../resources/replication-slot';
import { heldBack } from './slot-growth';
import { limitOf } from './slot-limit';

const MEGABYTE = 1024 * 1024;

export interface StreamAlone {
  readonly of: StreamFacts;
  readonly prepared: boolean;
  /** The clone was taken under the ticket that the publication has now, and not under an earlier one. */
  readonly cloned: boolean;
  /** That its slot is lost, or not ours; null: nothing. */
  readonly finding: Finding | null;
  /** Of ours and not lost; null: there is none. */
  readonly slot: ReplicationSlot | null;
}

/**
 * @param source as it was read while the clone cannot be
 * @param nonce of the ticket under which the clone was deployed
 */
export function streamsAlone(contract: SourceContract, source: SourceObservation, nonce: string): StreamAlone[] {
  return streamFacts(contract, { source, target: null, ticket: null }).map((of) => {
    const ticket = of.mark?.ticket;
    const cloned = ticket?.nonce === nonce;
    const clone = { cloned, mayBeTwoPhase: true, unreachable: true };
    const [finding = null] = planSlot(contract, source, of, clone).findings;
    const prepared = ticket !== undefined && (of.slot !== null || finding !== null);
    return { of, prepared, cloned, finding, slot: finding === null ? of.slot : null };
  });
}

/** What production keeps for the clone, or does not any more, in sentences. */
export function meanwhile(streams: readonly StreamAlone[], { server }: SourceObservation): string {
  const lost = streams.filter(({ finding }) => finding?.code === 'SLOT_LOST').map(({ of }) => of.database);
  const kept = streams.flatMap(({ slot }) => slot ?? []);
  const many = lost.length > 1;
  const gone = `The ${many ? 'slots' : 'slot'} of ${many ? 'databases' : 'database'} ${lost.join(', ')} ${many ? 'are' : 'is'} lost: production keeps no WAL for ${many ? 'them' : 'it'} any more.`;
  if (kept.length === 0)
    return lost.length > 0 ? gone : 'Production has no slot of ours, and keeps no WAL for the clone.';
  return [...(lost.length > 0 ? [gone] : []), keptFor(kept, server), ...reading(kept)].join(' ');
}

function keptFor(slots: readonly ReplicationSlot[], server: ServerFacts): string {
  const bytes = Math.max(...slots.map((slot) => heldBack({ server }, slot)));
  return `Meanwhile production keeps ${Math.ceil(bytes / MEGABYTE)} MB of WAL for the clone; ${limitOf(slots, server)}.`;
}

/** Whoever asks may be out of reach of a clone that follows. */
function reading(slots: readonly ReplicationSlot[]): string[] {
  const read = slots.filter(({ active }) => active).length;
  if (read === 0) return ['Nobody reads it.'];
  return [
    `${read} of ${slots.length} slots ${read === 1 ? 'is' : 'are'} read at this moment: the clone itself may be running.`,
  ];
}
