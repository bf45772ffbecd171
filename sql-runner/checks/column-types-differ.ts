import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { newClone } from '../model/streams';
import { displayTable } from '../model/table-selection';
import { generation, typeOf } from './added-column';
import type { DefinitionsCheck } from './check';
import { columnOf, isReworded, ownDifferences } from './column-pairs';
import { eachPair } from './each-pair';
import { byName, tableKey } from './shape-pairs';
import type { ShapePair } from '../model/survey';

interface BothColumns {
  readonly key: string;
  readonly there: ColumnShape;
  readonly here: ColumnShape;
}

function differing(unlike: (there: ColumnShape, here: ColumnShape) => boolean) {
  return (pair: ShapePair): BothColumns[] =>
    pair.there.columns.flatMap((there) => {
      const here = columnOf(pair.here, there.name);
      return here !== undefined && unlike(there, here) ? [{ key: there.name, there, here }] : [];
    });
}

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

/** A default of the old type may not convert by itself, so it is put back afterwards, as ALTER TABLE orders it. */
function retype({ there, here }: BothColumns): string {
  const name = quoteIdent(there.name);
  if (here.generated !== '') return `ALTER COLUMN ${name} TYPE ${typeOf(there)}`;
  const change = `ALTER COLUMN ${name} TYPE ${typeOf(there)} USING ${name}::${there.type}`;
  if (here.expression === null || here.identity !== '') return change;
  const again = there.expression === null ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${there.expression}`];
  return [`ALTER COLUMN ${name} DROP DEFAULT`, change, ...again].join(', ');
}

const WHOLE = ['smallint', 'integer', 'bigint'];

/** Whether the type holds every value of the other, and shows it in the same letters. */
function takes(type: string, other: string): boolean {
  if (WHOLE.includes(type) && WHOLE.includes(other)) return WHOLE.indexOf(type) > WHOLE.indexOf(other);
  if (type === 'numeric') return WHOLE.includes(other) || other.startsWith('numeric(');
  // Nothing is as long as what has no length.
  return characters(type) >= characters(other);
}

/** Of text and varchar; NaN for other types. */
function characters(type: string): number {
  if (type === 'text' || type === 'character varying') return Infinity;
  return Number(/^character varying\((\d+)\)$/.exec(type)?.[1]);
}

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
      return found.map(({ there, here }) => ({
        severity: 'block',
        seen: `column ${there.name} of table ${displayTable(pair.there)} in database ${pair.database} is ${described(there)} on the source and ${described(here)} on the clone`,
        why:
          there.generated === ''
            ? 'the apply worker stops at the first row: it has nowhere to put the value'
            : 'computed values are not replicated, so rows differ',
        next: regenerate(pair, there, here) ?? newClone(scope.contract),
      }));
    }),
};

const described = ({ generated: kind, expression }: ColumnShape): string =>
  kind === '' ? 'not generated' : `GENERATED ALWAYS AS (${expression})`;

function regenerate(pair: ShapePair, there: ColumnShape, here: ColumnShape): string | null {
  const name = quoteIdent(there.name);
  const table = quoteQualified(pair.here);
  if (there.generated !== '')
    return `in database ${pair.database} on the clone: ALTER TABLE ${table} DROP COLUMN ${name}, ADD COLUMN ${name} ${typeOf(there)} ${generation(there)};`;
  // DROP EXPRESSION keeps the values on both sides; those of a virtual column are stored nowhere.
  const kept = here.generated === 's' && pair.same && pair.there.file === pair.here.file;
  return kept
    ? `in database ${pair.database} on the clone: ALTER TABLE ${table} ALTER COLUMN ${name} DROP EXPRESSION;`
    : null;
}

export const columnTypeChecks = [types, generated];
