import type { Charge } from './charge';
import type { PriceTable } from './price-table';
import type { Resource } from './resources';
import type { Stated } from './stated';

/** What all charges of one estimate are made from. */
export interface Basis {
  readonly prices: PriceTable;
  readonly stated: Stated;
  /** Both stacks. */
  readonly all: readonly Resource[];
}

/** The charges of a resource; at least one, also where it is free. */
export type Treatment = (resource: Resource, basis: Basis) => readonly Charge[];
