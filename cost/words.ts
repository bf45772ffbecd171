import type { Charge } from './estimate/charge';
import { nameOf, type Line, type Total } from './estimate/estimate';
import type { PriceTable } from './estimate/price-table';

/** Cents as dollars. */
function dollars(cents: number): string {
  const text = (cents / 100).toFixed(2);
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export const range = ({ from, to }: Pick<Total, 'from' | 'to'>): string =>
  from === to ? dollars(from) : `${dollars(from)} to ${dollars(to)}`;

export function amountText({ amount }: Charge): string {
  if (amount.kind === 'priced') return range(amount);
  return amount.kind === 'free' ? 'free' : 'unknown';
}

/** Why nobody knows, and what would change that. */
function whyUnknown({ amount }: Charge): string {
  if (amount.kind !== 'unknown') return '';
  if (amount.missing === 'treatment') return 'Nobody has looked whether it costs anything';
  if (amount.missing === 'price') return 'The price is not in the table';
  return amount.option === undefined ? 'It depends on use' : `It depends on use; --${amount.option} states how much`;
}

/** The total never stands without what it leaves out. */
export function totalText(total: Total): string {
  const { without, isKnown } = total;
  if (without.length === 0) return `${range(total)} a month.`;
  const parts = without.length === 1 ? '1 part' : `${without.length} parts`;
  if (!isKnown) return `No total: ${parts} of it cost what is unknown, and nothing else has a price.`;
  return `At least ${range(total)} a month, without ${parts} whose cost is unknown.`;
}

/** What is unknown for one reason and to be looked up on one page. */
export interface UnknownGroup {
  readonly why: string;
  readonly look: string;
  readonly names: readonly string[];
}

export function unknownGroups(lines: readonly Line[]): UnknownGroup[] {
  const groups = new Map<string, UnknownGroup>();
  for (const line of lines) {
    if (line.amount.kind !== 'unknown') continue;
    const [why, look, name] = [whyUnknown(line), line.amount.look, nameOf(line)];
    const names = groups.get(`${why}\n${look}`)?.names ?? [];
    groups.set(`${why}\n${look}`, { why, look, names: names.includes(name) ? names : [...names, name] });
  }
  return [...groups.values()];
}

/** Lines that say the same of several resources, as one. */
export interface Grouped {
  readonly line: Line;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

export function grouped(lines: readonly Line[]): Grouped[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const { side, type, what, amount } = line;
    const key = [side, type, what, amount.kind, amount.kind === 'unknown' ? amount.missing : ''].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((same) => {
    const priced = same.flatMap(({ amount }) => (amount.kind === 'priced' ? [amount] : []));
    const sum = (end: 'from' | 'to') => priced.reduce((all, one) => all + one[end], 0);
    return { line: same[0]!, count: same.length, from: sum('from'), to: sum('to') };
  });
}

/** The sources of the prices that were used, in the order of the table. */
export function usedSources({ sources }: PriceTable, lines: readonly Line[]): PriceTable['sources'][string][] {
  const used = new Set(lines.flatMap(({ amount }) => (amount.kind === 'priced' ? [amount.price.source] : [])));
  return Object.entries(sources).flatMap(([name, source]) => (used.has(name) ? [source] : []));
}

export const seenText = ({ title, asOf, seen }: PriceTable['sources'][string]): string =>
  `${title}, as of ${asOf}${seen === 'copy' ? ' (read in a public copy)' : ''}`;
