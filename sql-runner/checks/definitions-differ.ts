import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import { typeOf } from './added-column';
import type { TargetCheck } from './check';
import { columnOf, isReworded, ownDifferences } from './column-pairs';
import { eachPair } from './each-pair';
import type { ShapePair } from '../model/survey';

const notRead: TargetCheck = {
  code: 'DEFINITION_NOT_READ',
  both: 'definitions',
  holds: 'the definition of every replicated table could be read',
  side: 'target',
  run: (_, { shapes }) =>
    Object.entries(shapes ?? {}).flatMap(([database, { unread }]) =>
      unread.map(({ schema, name, side, pid }) => ({
        severity: 'warn',
        seen: `table ${displayTable({ schema, name })} in database ${database} may differ, and cannot be looked at on the ${side}: ${pid === null ? 'somebody' : `process ${pid}`} holds or awaits an ACCESS EXCLUSIVE lock on it`,
        why: 'whether the apply worker can write it is not known',
        next: `when that transaction has ended, ask again${pid === null ? '' : `; SELECT * FROM pg_stat_activity WHERE pid = ${pid} tells what it does`}`,
      })),
    ),
};

interface Lacking {
  readonly key: string;
  readonly seen: string;
  /** Within ALTER TABLE. */
  readonly action: string;
}

/** What neither stops the worker nor changes a row: it shows when somebody writes to the clone, or takes it into use. */
const definitions: TargetCheck = {
  code: 'DEFINITION_DIFFERS',
  both: 'definitions',
  holds: 'replicated tables have the same defaults, identities, collations, NOT NULL and CHECK constraints',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(pair, lacking);
      if (found.length === 0) return [];
      return [
        {
          severity: 'info',
          seen: `table ${displayTable(pair.there)} in database ${pair.database} on the clone: ${found.map(({ seen }) => seen).join(', ')}`,
          why: 'rows that arrive bring their values along, so none differs by it; rows that are written on the clone would',
          next: `${found.some(({ action }) => action.includes('nextval(')) ? 'make the sequence on the clone first, unless it has it; ' : ''}once sql-runner status shows that the clone has applied what is older, in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} ${found.map(({ action }) => action).join(', ')};`,
        },
      ];
    }),
};

const GENERATED = { '': null, a: 'ALWAYS', d: 'BY DEFAULT' };

/** What fills the column where a row brings no value: an identity or a default. */
function filling(there: ColumnShape, here: ColumnShape): Omit<Lacking, 'key'>[] {
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  const [wanted, is] = [GENERATED[there.identity], GENERATED[here.identity]];
  if (wanted !== is) {
    const seen = `column ${there.name} is ${is === null ? 'no identity column' : `GENERATED ${is} AS IDENTITY`}`;
    if (wanted === null) return [{ seen, action: `${column} DROP IDENTITY` }, ...defaultOf(there, here)];
    if (is !== null) return [{ seen, action: `${column} SET GENERATED ${wanted}` }];
    // An identity column takes no default.
    const before = here.expression === null ? '' : `${column} DROP DEFAULT, `;
    return [{ seen, action: `${before}${column} ADD GENERATED ${wanted} AS IDENTITY` }];
  }
  return defaultOf(there, here);
}

function defaultOf(there: ColumnShape, here: ColumnShape): Omit<Lacking, 'key'>[] {
  if (there.expression === here.expression) return [];
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  return [
    {
      seen: `the default of column ${there.name} is ${here.expression ?? 'none'} instead of ${there.expression ?? 'none'}`,
      action: `${column} ${there.expression === null ? 'DROP DEFAULT' : `SET DEFAULT ${there.expression}`}`,
    },
  ];
}

function lackingOf(there: ColumnShape, here: ColumnShape): Omit<Lacking, 'key'>[] {
  const column = `ALTER COLUMN ${quoteIdent(there.name)}`;
  const found: Omit<Lacking, 'key'>[] = [];
  if (there.collation !== here.collation)
    found.push({
      seen: `column ${there.name} collates by ${here.collation ?? 'its type'} instead of ${there.collation ?? 'its type'}`,
      action: `${column} TYPE ${typeOf(there)}`,
    });
  if (there.notNull && !here.notNull)
    found.push({ seen: `column ${there.name} may be NULL`, action: `${column} SET NOT NULL` });
  return [...found, ...filling(there, here)];
}

function lacking(pair: ShapePair): Lacking[] {
  const columns = pair.there.columns.flatMap((there): Lacking[] => {
    const here = columnOf(pair.here, there.name);
    if (here === undefined || there.generated !== '' || here.generated !== '' || there.type !== here.type) return [];
    return lackingOf(there, here).map((found) => ({ ...found, key: `${found.seen} ${found.action}` }));
  });
  if (isReworded(pair)) return columns;
  const checks = pair.there.checks
    .filter(
      ({ name, definition, inherited }) =>
        !inherited && !pair.here.checks.some((one) => one.definition === definition || one.name === name),
    )
    .map(({ name, definition }) => ({
      key: definition,
      seen: `constraint ${name} is missing`,
      action: `ADD CONSTRAINT ${quoteIdent(name)} ${definition}`,
    }));
  return [...columns, ...checks];
}

export const definitionChecks = [notRead, definitions];
