import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { UniqueIndex } from '../postgres/catalog/table-shapes';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { columnOf, isReworded, ownDifferences, primary } from './column-pairs';
import { dropIndex } from './drop-index';
import { eachPair } from './each-pair';
import { keyIsReplaced } from './keys-differ';
import type { ShapePair } from '../model/survey';

interface Stricter {
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE. */
  readonly action: string;
}

/** What the clone asks of a row and the source does not (any more). */
const constraints: DefinitionsCheck = {
  code: 'CONSTRAINT_ONLY_ON_CLONE',
  stops: ['connect'],
  both: 'definitions',
  holds: 'no NOT NULL or CHECK of the clone refuses rows that the source takes',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(pair, stricter);
      if (found.length === 0) return [];
      return [
        {
          severity: 'block',
          seen: `${whose(pair)}: ${found.map(({ seen }) => seen).join(', ')}`,
          why: 'the apply worker stops at the first row that the source takes and the clone refuses',
          next: `in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} ${found.map(({ action }) => action).join(', ')};`,
        },
      ];
    }),
};

function stricter(pair: ShapePair): Stricter[] {
  const { there, here } = pair;
  const key = primary(here)?.columns ?? [];
  const required = here.columns
    // A column of the primary key is NOT NULL as long as the key is there.
    .filter(({ name, notNull }) => notNull && columnOf(there, name)?.notNull === false && !key.includes(name))
    .map(({ name }) => ({
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
      key: definition,
      seen: `constraint ${name}, ${definition}`,
      action: `DROP CONSTRAINT ${quoteIdent(name)}`,
    }));
  return [...required, ...checks];
}

/** Unique indexes and exclusion constraints, those too that are half-built: the server holds new rows against them. */
const unique: DefinitionsCheck = {
  code: 'UNIQUE_ONLY_ON_CLONE',
  stops: ['connect'],
  both: 'definitions',
  holds: 'no unique index or exclusion constraint of the clone refuses rows that the source takes',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) =>
      refusing(pair).map((index) => ({
        severity: 'block',
        seen: `${whose(pair)}: ${index.valid ? '' : 'the half-built '}${index.exclusion ? 'exclusion constraint' : 'unique index'} ${index.name}`,
        why: 'the apply worker stops at the first row that the source takes and the clone refuses',
        next: `in database ${pair.database} on the clone: ${dropIndex(pair.here, index).join(' ')}`,
      })),
    ),
};

function refusing(pair: ShapePair): UniqueIndex[] {
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

const whose = (pair: ShapePair): string =>
  `table ${displayTable(pair.there)} in database ${pair.database} has only on the clone`;

export const constraintChecks = [constraints, unique];
