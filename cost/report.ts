import type { Side } from '../contract/contract';
import type { Estimate } from './estimate/estimate';
import type { PriceTable } from './estimate/price-table';
import type { Stated } from './estimate/stated';

/** All that is shown, in whichever form. */
export interface Report {
  readonly environment: string;
  readonly region: string;
  readonly stacks: Readonly<Record<Side, string>>;
  readonly stated: Stated;
  readonly prices: PriceTable;
  readonly estimate: Estimate;
}

/** Every output says so, as the total is only true with it. */
export const TERMS = 'List prices in USD, without tax, free tiers, reserved instances and discounts.';
