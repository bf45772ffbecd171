import type { TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteQualified } from '../postgres/text/quoting';
import { tableIndex } from '../model/table-index';
import { displayTable } from '../model/table-selection';
import type { Found, SourceCheck } from './check';
import { replicatedBy, type Rooted } from '../model/streams';
import type { SourceDatabaseSurvey, SourceSurvey, Scope } from '../model/survey';

/** From this many rows on, reading the whole table for each changed row is felt. */
const LARGE = 10_000;

const equality: SourceCheck = {
  code: 'FULL_IDENTITY_UNMATCHABLE',
  stops: ['publish', 'slot', 'ticket', 'connect'],
  holds: 'every table with REPLICA IDENTITY FULL has columns that can be compared',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { unmatchable, tables }, replicates) => {
      return unmatchable.filter(replicates).map((column) => ({
        severity: 'block',
        seen: `table ${displayTable(column)} in database ${database} has REPLICA IDENTITY FULL, and column ${column.column} of type ${column.type}`,
        why: `${column.type} has no btree or hash operator class: the first UPDATE or DELETE would stop the apply worker on the clone`,
        next: byItsKey(column, keyFaultOf(tables, column), database),
      }));
    }),
};

const inexact: SourceCheck = {
  code: 'FULL_IDENTITY_INEXACT',
  holds: 'rows that are looked up by their full contents cannot be taken for one another',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, survey, replicates) => {
      return survey.inexact.filter(replicates).map((column) => ({
        severity: 'warn',
        seen: `table ${displayTable(column)} in database ${database} has REPLICA IDENTITY FULL, ${keyFaultOf(survey.tables, column) ?? 'a primary key'}, and column ${column.column} of type ${column.type}`,
        why: `two values of ${column.type} can be equal and not the same (1.0 and 1.00, 0 and -0, upper and lower case): an UPDATE or DELETE may hit the other of two such rows on the clone`,
        next: byItsKey(column, keyFaultOf(survey.tables, column), database),
      }));
    }),
};

const fullScan: SourceCheck = {
  code: 'FULL_IDENTITY_SLOW',
  holds: 'no large table is replicated by its full rows',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { tables }, replicates) => {
      return tables
        .filter((table) => table.replicaIdentity === 'f' && table.estimatedRows >= LARGE && replicates(table))
        .map((table) => ({
          severity: 'warn',
          seen: `table ${displayTable(table)} in database ${database} has REPLICA IDENTITY FULL and about ${table.estimatedRows} rows`,
          why: 'without a usable index on the clone each UPDATE and DELETE reads the whole table, and the clone falls behind',
          next: byItsKey(table, table.keyFault, database),
        }));
    }),
};

/**
 * How a table with REPLICA IDENTITY FULL gets its key as identity. The statement comes alone only where the key serves:
 * without one, or with a deferrable one, the source would refuse UPDATE and DELETE (CheckCmdReplicaIdentity in
 * execReplication.c).
 * @param keyFault of the table
 */
function byItsKey(table: TableName, keyFault: CatalogTable['keyFault'], database: string): string {
  const statement = `in database ${database} on the source: ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY DEFAULT;`;
  if (keyFault === null) return `let its primary key identify its rows, ${statement}`;
  if (keyFault === 'no primary key')
    return `first give it a primary key that is not deferrable, and only then, ${statement}`;
  return `leave its replica identity as it is: with ${keyFault}, the default one makes production refuse UPDATE and DELETE; where it can do with another primary key (neither deferrable nor of generated columns, and valid), change that first, and sql-runner doctor prints the next step`;
}

function keyFaultOf(tables: SourceDatabaseSurvey['tables'], table: TableName): CatalogTable['keyFault'] {
  const found = tableIndex(tables).get(table);
  return found === undefined ? 'no primary key' : found.keyFault;
}

function inDatabases(
  source: SourceSurvey,
  scope: Scope,
  look: (database: string, survey: SourceDatabaseSurvey, replicates: (table: Rooted) => boolean) => Found[],
): Found[] {
  return Object.entries(source.databases).flatMap(([database, survey]) =>
    look(database, survey, replicatedBy(scope, database)),
  );
}

export const tableContentsChecks = [equality, inexact, fullScan];
