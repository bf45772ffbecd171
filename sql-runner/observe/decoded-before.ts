import type { Contracts } from '../../contract/contract';
import type { Reading } from '../connections/reading';
import type { HeartbeatMark } from '../model/mark';
import type { StreamFacts } from '../model/stream-state';
import type { DecodedCount, SlotReader } from '../postgres/catalog/senders';

/** By slot, for whoever goes on with the same contracts: what was counted by the last look at a reader of it. */
const counted = new WeakMap<Contracts, Map<string, DecodedCount>>();

/**
 * What the server counts of it now. What it counted of a slot before that was made for the present clone, or before the rows
 * were compared, is of another count: whatever was put in its place by then took nothing.
 */
export function countNow(reader: Pick<SlotReader, 'counted'> | undefined, of: StreamFacts): DecodedCount | null {
  if (reader?.counted == null) return null;
  const { txns, of: server } = reader.counted;
  const made = (of.mark ?? of.inheritedMark)?.ticket?.confirmedFlushLsn;
  return { txns, of: [server, made ?? '-', of.subscriptionMark?.compared ?? '-'].join(' ') };
}

export function countBefore(
  { contracts }: Reading,
  note: HeartbeatMark['witness'],
  slot: string,
  now: DecodedCount | null,
): DecodedCount | undefined {
  return [counted.get(contracts)?.get(slot), note?.counted].find((one) => one !== undefined && one.of === now?.of);
}

/** One that counts anew is told by the count before until it is written down. */
export function rememberCount({ contracts }: Reading, slot: string, now: DecodedCount, isNoted: boolean): void {
  const all = counted.get(contracts) ?? new Map<string, DecodedCount>();
  const before = all.get(slot);
  if (!isNoted && before?.of === now.of && now.txns < before.txns) return;
  counted.set(contracts, all.set(slot, now));
}
