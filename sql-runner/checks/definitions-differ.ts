import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { displayTable } from '../resources/table-selection';
import type { TargetCheck } from './check';
import { columnOf, isReworded, ownDifferences } from './column-pairs';
import { eachPair } from './each-pair';
import type { ShapePair } from './shape-pairs';

const notRead: TargetCheck = {
  code: 'DEFINITION_NOT_READ',
  both: true,
  holds: 'the definition of every replicated table could be read',
  side: 'target',
  run: (_, { shapes }) =>
    Object.entries(shapes ?? {}).flatMap(([database, { unread }]) =>
      unread.map(({ schema, name, side, pid }) => ({
        code: 'DEFINITION_NOT_READ',
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
  both: true,
  holds: 'replicated tables have the same defaults, NOT NULL and CHECK constraints',
  side: 'target',
  run: (_, scope) =>
    eachPair(scope, (pair) => {
      const found = ownDifferences(pair, lacking);
      if (found.length === 0) return [];
      return [
        {
          code: 'DEFINITION_DIFFERS',
          severity: 'info',
          seen: `table ${displayTable(pair.there)} in database ${pair.database} on the clone: ${found.map(({ seen }) => seen).join(', ')}`,
          why: 'rows that arrive bring their values along, so none differs by it; rows that are written on the clone would',
          next: `once sql-runner status shows that the clone has applied what is older, in database ${pair.database} on the clone: ALTER TABLE ${quoteQualified(pair.here)} ${found.map(({ action }) => action).join(', ')};`,
        },
      ];
    }),
};

function lacking(pair: ShapePair): Lacking[] {
  const columns = pair.there.columns.flatMap((there): Lacking[] => {
    const here = columnOf(pair.here, there.name);
    if (here === undefined || there.generated !== '' || here.generated !== '' || there.type !== here.type) return [];
    const name = quoteIdent(there.name);
    const found: Lacking[] = [];
    const say = (seen: string, action: string): number => found.push({ key: `${seen} ${action}`, seen, action });
    if (there.notNull && !here.notNull) say(`column ${there.name} may be NULL`, `ALTER COLUMN ${name} SET NOT NULL`);
    if (there.identity !== '' || here.identity !== '') {
      if (there.identity === '' && here.identity !== '')
        say(`column ${there.name} is an identity column`, `ALTER COLUMN ${name} DROP IDENTITY`);
      return found;
    }
    if (there.expression !== here.expression)
      say(
        `the default of column ${there.name} is ${here.expression ?? 'none'} instead of ${there.expression ?? 'none'}`,
        `ALTER COLUMN ${name} ${there.expression === null ? 'DROP DEFAULT' : `SET DEFAULT ${there.expression}`}`,
      );
    return found;
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
