import type { Finding } from '../engine/change';
import type { TableName } from '../engine/observation';
import { quoteQualified } from '../postgres/quoting';
import { displayTable } from '../resources/table-selection';
import type { Scope, SourceCheck } from './check';
import { replicatedIn } from './streams';
import type { SourceDatabaseSurvey, SourceSurvey } from './survey';

/** From this many rows on, reading the whole table for each changed row is felt. */
const LARGE = 10_000;

const equality: SourceCheck = {
  code: 'FULL_IDENTITY_UNMATCHABLE',
  stops: ['publish', 'slot', 'ticket', 'connect'],
  holds: 'every table with REPLICA IDENTITY FULL has columns that can be compared',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { unmatchable }, replicates) => {
      return unmatchable
        .filter((column) => replicates({ schema: column.rootSchema, name: column.rootName }))
        .map((column) => ({
          code: 'FULL_IDENTITY_UNMATCHABLE',
          severity: 'block',
          seen: `table ${displayTable(column)} in database ${database} has REPLICA IDENTITY FULL, and column ${column.column} of type ${column.type}`,
          why: `${column.type} has no btree or hash operator class: the first UPDATE or DELETE would stop the apply worker on the clone`,
          next: `give it a primary key, then in database ${database} on the source: ALTER TABLE ${quoteQualified(column)} REPLICA IDENTITY DEFAULT;`,
        }));
    }),
};

const inexact: SourceCheck = {
  code: 'FULL_IDENTITY_INEXACT',
  holds: 'rows that are looked up by their full contents cannot be taken for one another',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, survey, replicates) => {
      return survey.inexact
        .filter((column) => replicates({ schema: column.rootSchema, name: column.rootName }))
        .map((column) => ({
          code: 'FULL_IDENTITY_INEXACT',
          severity: 'warn',
          seen: `table ${displayTable(column)} in database ${database} has REPLICA IDENTITY FULL, no primary key, and column ${column.column} of type ${column.type}`,
          why: `two values of ${column.type} can be equal and not the same (1.0 and 1.00, 0 and -0, upper and lower case): an UPDATE or DELETE may hit the other of two such rows on the clone`,
          next: `give it a primary key, then in database ${database} on the source: ALTER TABLE ${quoteQualified(column)} REPLICA IDENTITY DEFAULT;`,
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
          code: 'FULL_IDENTITY_SLOW',
          severity: 'warn',
          seen: `table ${displayTable(table)} in database ${database} has REPLICA IDENTITY FULL and about ${table.estimatedRows} rows`,
          why: 'without a usable index on the clone each UPDATE and DELETE reads the whole table, and the clone falls behind',
          next: `with a primary key, in database ${database} on the source: ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY DEFAULT;`,
        }));
    }),
};

function inDatabases(
  source: SourceSurvey,
  { contract }: Scope,
  look: (database: string, survey: SourceDatabaseSurvey, replicates: (table: TableName) => boolean) => Finding[],
): Finding[] {
  return Object.entries(source.databases).flatMap(([database, survey]) =>
    look(database, survey, replicatedIn(contract, database, survey.tables)),
  );
}

export const tableContentsChecks = [equality, inexact, fullScan];
