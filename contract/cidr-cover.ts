import { parseCidr, type AddressRange } from './cidr';

/** Whether each address of the block is in one of the others, together. What is no block covers nothing. */
export function covers(blocks: readonly string[], block: string): boolean {
  const wanted = parseCidr(block);
  if (wanted === undefined) return false;
  const ranges = blocks.flatMap((one) => parseCidr(one) ?? []).sort((one, other) => one.first - other.first);
  let next = wanted.first;
  for (const { first, last } of ranges) if (first <= next && last >= next) next = last + 1;
  return next > wanted.last;
}

/** Whether the one block has all of the other. */
export const contains = (one: AddressRange, other: AddressRange): boolean =>
  one.first <= other.first && one.last >= other.last;
