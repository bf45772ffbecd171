import type { Side } from '../../contract/contract';
import { untreated, type Charge } from './charge';
import type { PriceTable } from './price-table';
import { isRepeated, resourcesOf, type Resource, type StackJson } from './resources';
import type { Stated } from './stated';
import { TREATMENTS } from './treatments';
import type { Basis } from './treatment';

export interface Line extends Charge {
  readonly side: Side;
  readonly type: string;
  readonly name: string;
}

export interface Total {
  /** In cents. */
  readonly from: number;
  readonly to: number;
  /** What is not in it, because it is unknown; each once. */
  readonly without: readonly string[];
  /** Something has a price: otherwise 0 is no total. */
  readonly isKnown: boolean;
}

export interface Estimate {
  readonly lines: readonly Line[];
  readonly total: Total;
}

/** A month of what both stacks make. */
export function estimate(stacks: Readonly<Record<Side, StackJson>>, prices: PriceTable, stated: Stated): Estimate {
  const all = [...resourcesOf('source', stacks.source), ...resourcesOf('target', stacks.target)];
  const basis = { prices, stated, all };
  const lines = all.flatMap((resource) =>
    chargesOf(resource, basis).map((charge) => ({
      side: resource.side,
      type: resource.type,
      name: resource.name,
      ...charge,
    })),
  );
  return { lines, total: totalOf(lines) };
}

function chargesOf(resource: Resource, basis: Basis): readonly Charge[] {
  const treatment = Object.hasOwn(TREATMENTS, resource.type) ? TREATMENTS[resource.type] : undefined;
  if (treatment === undefined) return [untreated('a type that nobody has priced')];
  const charges = treatment(resource, basis);
  // However many there are of what is free, they cost nothing.
  if (isRepeated(resource) && charges.some(({ amount }) => amount.kind !== 'free'))
    return [untreated('several of it, and the stack does not say how many')];
  return charges;
}

export function totalOf(lines: readonly Line[]): Total {
  const priced = lines.flatMap(({ amount }) => (amount.kind === 'priced' ? [amount] : []));
  const unknown = lines.filter(({ amount }) => amount.kind === 'unknown');
  return {
    from: priced.reduce((sum, { from }) => sum + from, 0),
    to: priced.reduce((sum, { to }) => sum + to, 0),
    without: [...new Set(unknown.map(nameOf))],
    isKnown: priced.length > 0,
  };
}

/** A line in a list of what is unknown. */
export const nameOf = ({ type, what }: Line): string => `${type}: ${what}`;
