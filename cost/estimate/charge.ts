import { priceOf, type Price, type PriceKey, type PriceTable } from './price-table';
import type { StatedAmount } from './stated';

/** What a month costs, in whole cents, so that the total is the sum of what is printed. */
export interface Priced {
  readonly kind: 'priced';
  readonly from: number;
  readonly to: number;
  readonly price: Price;
}

/** AWS bills nothing for it. */
export interface Free {
  readonly kind: 'free';
  /** The page that says so, or that names all that is billed. */
  readonly source: string;
}

/** Nobody knows: it is in no total, and is named beside it. */
export interface Unknown {
  readonly kind: 'unknown';
  /** The price of a unit, how many units there will be, or whether it costs anything at all. */
  readonly missing: 'price' | 'amount' | 'treatment';
  /** The page of AWS to look at. */
  readonly look: string;
  /** The option that states the amount. */
  readonly option?: StatedAmount;
}

export interface Charge {
  readonly what: string;
  readonly amount: Priced | Free | Unknown;
}

/** How many units: a range where nobody can say; null: unknown. */
export type Quantity = readonly [from: number, to: number] | null;

export interface Metered {
  readonly what: string;
  readonly key: PriceKey;
  readonly quantity: Quantity;
  readonly look: string;
  readonly option?: StatedAmount;
}

export function metered(prices: PriceTable, { what, key, quantity, look, option }: Metered): Charge {
  const price = priceOf(prices, key);
  if (price === undefined) return { what, amount: { kind: 'unknown', missing: 'price', look } };
  if (quantity === null) return { what, amount: { kind: 'unknown', missing: 'amount', look, option } };
  const [from, to] = quantity.map((units) => Math.round(units * price.usd * 100)) as [number, number];
  return { what, amount: { kind: 'priced', from, to, price } };
}

export const free = (what: string, source: string): Charge => ({ what, amount: { kind: 'free', source } });

/** Costs something that no table can tell, as it depends on use. */
export const usage = (what: string, look: string): Charge => ({
  what,
  amount: { kind: 'unknown', missing: 'amount', look },
});

/** Nobody has looked whether it costs anything. */
export const untreated = (what: string): Charge => ({
  what,
  amount: { kind: 'unknown', missing: 'treatment', look: 'https://aws.amazon.com/pricing/' },
});
