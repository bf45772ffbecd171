import type { Random } from './random';
import type { Transaction } from './transaction';

/**
 * One kind of transaction that the writers run again and again. `random` chooses among rows; names of new rows
 * come from randomUUID, or writers started twice with one seed would clash with their own rows.
 */
export interface Operation {
  name: string;
  run(tx: Transaction, random: Random, keys: Keys): Promise<void>;
}

/** The highest keys of the seed, read once; writers choose among these. */
export interface Keys {
  customers: number;
  products: number;
  orders: number;
  events: number;
  visitors: number;
  accounts: number;
  transfers: number;
  logEntries: number;
}

/**
 * Keys up to this one are left to the long transaction. A row that it has changed and not committed would
 * make writers wait for it, and the demo is about writers that never wait.
 */
export const RESERVED_KEYS = 20;

/** A key that writers may touch. */
export function ordinaryKey(random: Random, highest: number): number {
  return random.int(RESERVED_KEYS + 1, highest);
}
