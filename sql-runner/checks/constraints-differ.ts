import { quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { ownDifferences } from '../drift/column-pairs';
import { dropIndex } from '../drift/drop-index';
import { eachPair } from './each-pair';
import { refusing, stricter } from '../drift/stricter';
import type { ShapePair } from '../model/survey';

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

const whose = (pair: ShapePair): string =>
  `table ${displayTable(pair.there)} in database ${pair.database} has only on the clone`;

export const constraintChecks = [constraints, unique];
