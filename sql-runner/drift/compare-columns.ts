import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { quoteIdent } from '../postgres/text/quoting';
import { addColumn, formerRows, typeOf } from './added-column';
import { columnOf, extraColumns, isDroppedThere, isFoundByFullRow, isInherited, renamedColumns } from './column-pairs';
import { lackingIn, type Keyed } from './compare-lacking';
import { columnsAlone } from './columns-alone';
import { regenerate, retype, takes } from './column-type';
import type { Difference } from './difference';
import { otherValues } from './other-values';
import { survivalOfType } from './survival-of-type';
import { alter, columnTitle, ofTable, type TablePair } from './table-pair';

const NEXT_ROW = 'the worker stops at the next row of it';
const NEW_CLONE = 'no statement on the clone makes up its values: it takes a new clone';

/** Columns of both sides. What a partition has of its table is told of that. */
export function compareColumns(pair: TablePair): Difference[] {
  const found = columnDifferences(pair);
  const above = new Set<string>();
  for (let next = pair.parent; next !== null; next = next.parent)
    for (const { key } of columnDifferences(next)) above.add(key);
  return found.filter(({ key }) => !above.has(key)).map(({ difference }) => difference);
}

function columnDifferences(pair: TablePair): Keyed[] {
  const { there } = pair.shapes;
  return [
    ...renamed(pair),
    ...missing(pair),
    ...extra(pair),
    ...there.columns.flatMap((column) => ofBoth(pair, column)),
  ];
}

function renamed(pair: TablePair): Keyed[] {
  return renamedColumns(pair.shapes).map(({ from, to }) => ({
    key: `renamed ${from.name} ${to.name}`,
    difference: ofTable(pair, {
      kind: 'column-renamed',
      object: columnTitle(pair, to.name),
      source: to.name,
      clone: from.name,
      survives: 'stops',
      consequence: `${NEXT_ROW}: columns are found by name`,
      when: 'stopped or in sync',
      statements: isInherited(from)
        ? [alter(pair, `RENAME COLUMN ${quoteIdent(from.name)} TO ${quoteIdent(to.name)}`)]
        : [],
      next: isInherited(from) ? null : `${from.name} was altered on the clone: whether it is the same cannot be told`,
    }),
  }));
}

function missing(pair: TablePair): Keyed[] {
  const { shapes } = pair;
  const names = new Set(renamedColumns(shapes).map(({ to }) => to.name));
  const besides = new Map(columnsAlone(shapes).map((one) => [one.key, one]));
  return shapes.there.columns
    .filter((column) => columnOf(shapes.here, column.name) === undefined && !names.has(column.name))
    .map((column) => {
      const action = addColumn(shapes, column);
      const computed = column.generated !== '';
      const rows = computed ? null : formerRows(shapes, column);
      const known = rows?.kind === 'known' ? rows.value : null;
      const more = besides.get(`lacks ${column.name}`)?.besides ?? [];
      return {
        key: `lacks ${column.name}`,
        difference: ofTable(pair, {
          kind: 'column',
          object: columnTitle(pair, column.name),
          source: `${typeOf(column)}${known === null ? '' : `, ${known} in rows of before`}`,
          clone: null,
          survives: computed ? 'continues' : 'stops',
          consequence: computed ? 'each side computes it for itself' : NEXT_ROW,
          // Rows that are found as a whole: what is on its way has no such column.
          ...(isFoundByFullRow(shapes) ? { when: 'stopped or in sync', order: 'printed' } : {}),
          ...(action === null ? { order: 'plain' } : {}),
          statements: action === null ? [] : [alter(pair, action)],
          next:
            action === null ? NEW_CLONE : (more.find((text) => text.includes('verify')) ?? defaultLater(column, known)),
        }),
      };
    });
}

/** Rows that are on their way lack the column, and get what stands as its default until they have arrived. */
const defaultLater = ({ expression, generated }: ColumnShape, known: string | null): string | null =>
  generated === '' && expression !== null && known === null ? 'its default is told once the column is there' : null;

function extra(pair: TablePair): Keyed[] {
  const { shapes } = pair;
  const whole = isFoundByFullRow(shapes);
  const names = new Set(renamedColumns(shapes).map(({ from }) => from.name));
  const filled = new Set(extraColumns(shapes).map(({ name }) => name));
  return shapes.here.columns
    .filter((column) => columnOf(shapes.there, column.name) === undefined && !names.has(column.name))
    .map((column) => {
      const required =
        column.notNull && column.expression === null && column.identity === '' && column.generated === '';
      const dropped = isDroppedThere(shapes, column);
      const lost = whole && filled.has(column.name);
      // A key asks for NOT NULL itself. Rows that are on their way may have the column: it goes once they have arrived.
      const keyed = shapes.here.indexes.some(
        ({ primary, columns }) => primary && columns?.includes(column.name) === true,
      );
      const relaxes = required && !keyed;
      const own = quoteIdent(column.name);
      return {
        key: `extra ${column.name}`,
        difference: ofTable(pair, {
          kind: 'column',
          object: columnTitle(pair, column.name),
          source: null,
          clone: `${typeOf(column)}${column.notNull ? ' NOT NULL' : ''}`,
          survives: required ? 'stops' : lost ? 'differs' : 'continues',
          consequence: required
            ? NEXT_ROW
            : lost
              ? 'rows are found as a whole, NULL in it: where it is not, UPDATE and DELETE are lost'
              : 'rows that arrive leave it at its default',
          ...(required ? { order: 'relaxed' } : {}),
          when: relaxes ? 'now' : keyed && required ? 'stopped or in sync' : 'in sync',
          statements: [alter(pair, relaxes ? `ALTER COLUMN ${own} DROP NOT NULL` : `DROP COLUMN ${own}`)],
          next: relaxes
            ? 'run it again once in sync: then it says how to drop the column'
            : lost
              ? 'what was changed since may be lost: run sql-runner verify afterwards'
              : dropped
                ? null
                : 'it may stay, NULL allowed; dropping it loses what only the clone has in it',
        }),
      };
    });
}

function ofBoth(pair: TablePair, there: ColumnShape): Keyed[] {
  const here = columnOf(pair.shapes.here, there.name);
  if (here === undefined) return [];
  const object = columnTitle(pair, there.name);
  if (there.generated !== here.generated || (there.generated !== '' && there.expression !== here.expression)) {
    const statement = regenerate(pair.shapes, there, here);
    return [
      {
        key: `generated ${there.name}`,
        difference: ofTable(pair, {
          kind: 'column-generated',
          object,
          source: there.generated === '' ? 'not generated' : `GENERATED ALWAYS AS (${there.expression})`,
          clone: here.generated === '' ? 'not generated' : `GENERATED ALWAYS AS (${here.expression})`,
          survives: there.generated === '' ? 'stops' : 'differs',
          consequence:
            there.generated === ''
              ? `${NEXT_ROW}: it has nowhere to put the value`
              : 'computed values are not sent: rows differ',
          statements: statement === null ? [] : [statement],
          next: statement === null ? NEW_CLONE : null,
        }),
      },
    ];
  }
  if (pair.types.same(there.type, here.type)) return [];
  if (there.type !== here.type)
    return [typeDiffers(pair, there, here), ...lackingIn(pair, there, retyped(there, here))];
  return [...valuesDiffer(pair, there, here), ...lackingIn(pair, there, here)];
}

/** What ALTER TYPE as it is printed leaves. */
function retyped(there: ColumnShape, here: ColumnShape): ColumnShape {
  const expression = here.expression === null || here.identity !== '' ? here.expression : there.expression;
  return { ...here, type: there.type, collation: there.collation, expression };
}

function typeDiffers(pair: TablePair, there: ColumnShape, here: ColumnShape): Keyed {
  const wider = takes(here.type, there.type);
  return {
    key: `type ${there.name}`,
    difference: ofTable(pair, {
      kind: 'column-type',
      object: columnTitle(pair, there.name),
      source: there.type,
      clone: here.type,
      ...survivalOfType(there.type, here.type),
      statements: [alter(pair, retype({ key: '', there, here }))],
      next:
        wider || there.generated !== ''
          ? null
          : 'where the source converted values by USING, run sql-runner verify afterwards',
    }),
  };
}

function valuesDiffer(pair: TablePair, there: ColumnShape, here: ColumnShape): Keyed[] {
  const how = pair.types.unsettled(there.type) ? null : otherValues(pair.shapes, there, here);
  if (how === null) return [];
  return [
    {
      key: `values ${there.name}`,
      difference: ofTable(pair, {
        kind: 'column-values',
        object: columnTitle(pair, there.name),
        source: there.missing ?? 'NULL',
        clone: here.missing ?? 'NULL',
        survives: 'differs',
        consequence: `it was ${how}: rows of before keep their values`,
        statements: [],
        next: 'sql-runner verify compares them; where they differ it takes a new clone',
      }),
    },
  ];
}
