import { quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { ownDifferences } from '../drift/column-pairs';
import { lacking } from '../drift/lacking';
import { eachPair } from './each-pair';

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

export const definitionChecks = [notRead, definitions];
