/** A small seeded generator, so that a run of the writers can be asked for again by its seed. */
export interface Random {
  /** Whole number in [low, high]. */
  int(low: number, high: number): number;
  /** One of the items. */
  pick<T>(items: readonly T[]): T;
  /** Bytes that do not compress. */
  bytes(length: number): Buffer;
}

/** Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough to choose keys. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const int = (low: number, high: number): number => low + (next() % (high - low + 1));
  const bytes = (length: number): Buffer => {
    const buffer = Buffer.alloc(Math.ceil(length / 4) * 4);
    for (let at = 0; at < buffer.length; at += 4) buffer.writeUInt32LE(next(), at);
    return buffer.subarray(0, length);
  };
  return {
    int,
    bytes,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[int(0, items.length - 1)] as (typeof items)[number];
    },
  };
}
