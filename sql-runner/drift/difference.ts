import { KINDS, type KindName, type Mark, type Order } from './kinds';

/** What becomes of the stream, and of rows that it carries. */
export type Survival = 'continues' | 'stops' | 'differs';

/** When the statements for the clone may be carried out. */
export type When = 'now' | 'in sync' | 'stopped or in sync';

/** One thing that both sides do not define alike. */
export interface Difference {
  readonly kind: KindName;
  readonly mark: Mark;
  /** What it is about, in words: `column price of public.orders`. */
  readonly object: string;
  /** Whose rows it is about; null: no table's. */
  readonly table: string | null;
  /** As each side has it; null: not at all. */
  readonly source: string | null;
  readonly clone: string | null;
  readonly survives: Survival;
  readonly consequence: string;
  readonly order: Order;
  readonly when: When;
  /** For the clone, each without a semicolon. None: see `next`. */
  readonly statements: readonly string[];
  /** What has to be done besides, or instead. A phrase without a full stop. */
  readonly next: string | null;
}

export interface Found {
  readonly kind: KindName;
  readonly object: string;
  readonly table?: string;
  readonly source: string | null;
  readonly clone: string | null;
  /** Unless said: nothing happens to rows. */
  readonly survives?: Survival;
  readonly consequence?: string;
  readonly order?: Order;
  readonly when?: When;
  readonly statements: readonly string[];
  readonly next?: string | null;
}

export function difference(found: Found): Difference {
  const mark = found.clone === null ? '+' : found.source === null ? '-' : '~';
  return {
    kind: found.kind,
    mark,
    object: found.object,
    table: found.table ?? null,
    source: found.source,
    clone: found.clone,
    survives: found.survives ?? 'continues',
    consequence: found.consequence ?? 'no row that arrives depends on it',
    order: found.order ?? KINDS[found.kind].order[mark],
    when: found.when ?? 'now',
    statements: found.statements,
    next: found.next ?? null,
  };
}

/** Both lists by a key: what both have, and what one has alone. Linear. */
export function paired<T>(
  source: readonly T[],
  clone: readonly T[],
  keyOf: (one: T) => string,
): { there: T | null; here: T | null }[] {
  const own = new Map(clone.map((one) => [keyOf(one), one]));
  const named = new Set(source.map(keyOf));
  return [
    ...source.map((there) => ({ there, here: own.get(keyOf(there)) ?? null })),
    ...clone.filter((one) => !named.has(keyOf(one))).map((here) => ({ there: null, here })),
  ];
}

/** Two texts or lists that say the same. */
export const alike = (there: unknown, here: unknown): boolean => JSON.stringify(there) === JSON.stringify(here);
