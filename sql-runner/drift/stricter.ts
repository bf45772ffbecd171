import type { UniqueIndex } from '../postgres/catalog/table-shapes';
import { quoteIdent } from '../postgres/text/quoting';
import type { ShapePair } from '../model/survey';
import { columnOf, isReworded, primary } from './column-pairs';
import { keyIsReplaced } from './row-key';

interface Stricter {
  readonly kind: 'not-null' | 'check';
  /** Of the column, or of the check. */
  readonly name: string;
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE. */
  readonly action: string;
}

/** What the clone asks of a row and the source does not (any more). */
export function stricter(pair: ShapePair): Stricter[] {
  const { there, here } = pair;
  const key = primary(here)?.columns ?? [];
  const required = here.columns
    // A column of the primary key is NOT NULL as long as the key is there.
    .filter(({ name, notNull }) => notNull && columnOf(there, name)?.notNull === false && !key.includes(name))
    .map(({ name }) => ({
      kind: 'not-null' as const,
      name,
      key: `not null ${name}`,
      seen: `column ${name} is NOT NULL`,
      action: `ALTER COLUMN ${quoteIdent(name)} DROP NOT NULL`,
    }));
  const reworded = isReworded(pair);
  const checks = here.checks
    .filter(
      ({ name, definition, inherited }) =>
        !inherited && !there.checks.some((one) => one.definition === definition || (reworded && one.name === name)),
    )
    .map(({ name, definition }) => ({
      kind: 'check' as const,
      name,
      key: definition,
      seen: `constraint ${name}, ${definition}`,
      action: `DROP CONSTRAINT ${quoteIdent(name)}`,
    }));
  return [...required, ...checks];
}

/** Unique indexes and exclusion constraints that refuse rows of the source, those too that are half-built. */
export function refusing(pair: ShapePair): UniqueIndex[] {
  const reworded = isReworded(pair);
  return pair.here.indexes.filter((index) => {
    if (!index.ready || !index.immediate || index.inherited) return false;
    if (index.primary && keyIsReplaced(pair)) return false;
    // A deferred constraint is not held against rows that are applied, an immediate one refuses what the source's defers.
    return !pair.there.indexes.some(
      (one) =>
        one.ready &&
        one.immediate &&
        one.exclusion === index.exclusion &&
        (one.refuses === index.refuses || (reworded && one.name === index.name)),
    );
  });
}
