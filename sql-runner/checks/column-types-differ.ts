import { quoteQualified } from '../postgres/text/quoting';
import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import type { DefinitionsCheck } from './check';
import { isReworded, ownDifferences } from '../drift/column-pairs';
import { differing, regenerate, retype, takes } from '../drift/column-type';
import { eachPair } from './each-pair';
import { byName, tableKey } from '../drift/shape-pairs';

const types: DefinitionsCheck = {
  code: 'COLUMN_TYPE_DIFFERS',
  stops: ['connect'],
  both: 'definitions',
  holds: 'columns have the same type on both sides',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair, { usedTypes, typesOnClone }) => {
      const known = byName(typesOnClone);
      // TYPE_NOT_ON_CLONE comes first, and may be all.
      const lacking = usedTypes.filter((type) => !known.has(tableKey(type)));
      const found = ownDifferences(
        pair,
        differing((there, here) => there.type !== here.type && (there.generated === '') === (here.generated === '')),
      ).filter(({ there }) => !lacking.some(({ name }) => there.type.includes(name)));
      if (found.length === 0) return [];
      const wider = found.every(({ there, here }) => takes(here.type, there.type));
      return [
        {
          severity: wider ? 'warn' : 'block',
          seen: `table ${displayTable(pair.there)} in database ${pair.database} on the clone: ${found
            .map(({ there, here }) => `column ${there.name} is ${here.type} instead of ${there.type}`)
            .join(', ')}`,
          why: wider
            ? 'the clone takes every value of the source, but not the other way round'
            : 'the apply worker stops at the first value that the type does not take, and others are rounded or cut without a word',
          next: `where the source converted its values with USING, ${newClone(scope.contract)}; where it did not, in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} ${found.map(retype).join(', ')};`,
        },
      ];
    }),
};

/** The source does not send what it computes: each side computes its own. */
const generated: DefinitionsCheck = {
  code: 'GENERATED_COLUMN_DIFFERS',
  stops: ['connect'],
  both: 'definitions',
  holds: 'generated columns are computed in the same way on both sides',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(
        pair,
        differing(
          (there, here) =>
            there.generated !== here.generated ||
            (there.generated !== '' && there.expression !== here.expression && !isReworded(pair)),
        ),
      );
      return found.map(({ there, here }) => {
        const statement = regenerate(pair, there, here);
        return {
          severity: 'block' as const,
          seen: `column ${there.name} of table ${displayTable(pair.there)} in database ${pair.database} is ${described(there)} on the source and ${described(here)} on the clone`,
          why:
            there.generated === ''
              ? 'the apply worker stops at the first row: it has nowhere to put the value'
              : 'computed values are not replicated, so rows differ',
          next:
            statement === null ? newClone(scope.contract) : `in database ${pair.database} on the clone: ${statement};`,
        };
      });
    }),
};

const described = ({ generated: kind, expression }: ColumnShape): string =>
  kind === '' ? 'not generated' : `GENERATED ALWAYS AS (${expression})`;

export const columnTypeChecks = [types, generated];
