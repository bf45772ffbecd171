import type { Contracts } from '../../contract/contract';
import type { Reading } from '../connections/reading';
import type { HeartbeatMark } from '../model/mark';
import type { DecodedCount, SlotReader } from '../postgres/catalog/senders';

/** By slot, for whoever goes on with the same contracts: what was counted by the last look at a reader of it. */
const counted = new WeakMap<Contracts, Map<string, DecodedCount>>();

export function countBefore(
  { contracts }: Reading,
  note: HeartbeatMark['witness'],
  { slot, counted: now }: Pick<SlotReader, 'slot' | 'counted'>,
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
