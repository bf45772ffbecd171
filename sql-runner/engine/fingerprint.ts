import { createHash } from 'node:crypto';
import type { SourceContract } from '../../stacks/contract';
import type { Observation, SlotFacts } from './observation';
import { streamsOf } from './plan';

/**
 * Facts that move by themselves on a healthy system. A plan may be applied
 * although they moved; what it relies on of them is repeated by its guards.
 */
const VOLATILE = new Set(['flushLsn', 'activePid', 'originProgress', 'active', 'restartLsn', 'walStatus', 'issuedAt']);

/** Digest of everything a plan was made from: two equal digests mean the same plan. */
export function fingerprint(contract: SourceContract, observation: Observation): string {
  const ours = new Set(streamsOf(contract).map((of) => of.stream.slot));
  const slots = observation.source.slots.map((slot) => stableSlot(slot, ours));
  const stable = { contract, ...observation, source: { ...observation.source, slots } };
  return createHash('sha256').update(canonical(stable)).digest('hex');
}

/** Positions count only for our slots, and only while nobody reads them. */
function stableSlot(slot: SlotFacts, ours: ReadonlySet<string>): Partial<SlotFacts> {
  if (!ours.has(slot.name)) return { name: slot.name };
  return slot.active ? { ...slot, confirmedFlushLsn: null } : slot;
}

/** JSON with sorted keys, so that equal facts give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (VOLATILE.has(key)) return undefined;
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
