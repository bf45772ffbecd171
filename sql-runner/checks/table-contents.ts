import type { Finding } from '../engine/change';
import type { TableName } from '../engine/observation';
import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { displayTable } from '../resources/table-selection';
import type { Scope, SourceCheck } from './check';
import { isReplicated } from './streams';
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

const unlogged: SourceCheck = {
  code: 'UNLOGGED_TABLES',
  holds: 'no selected table is unlogged',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { tables }, replicates) => {
      const found = tables.filter((table) => table.persistence === 'u' && replicates(table));
      if (found.length === 0) return [];
      return [
        {
          code: 'UNLOGGED_TABLES',
          severity: 'warn',
          seen: `database ${database} has unlogged tables: ${found.map(displayTable).join(', ')}`,
          why: 'they write no WAL: they are empty on the clone and stay so',
          next: `if the clone needs their rows (each table is rewritten under a lock), in database ${database} on the source: ${found.map((table) => `ALTER TABLE ${quoteQualified(table)} SET LOGGED;`).join(' ')}`,
        },
      ];
    }),
};

const owners: SourceCheck = {
  code: 'TABLE_NOT_OWNED',
  stops: ['publish', 'slot', 'ticket'],
  holds: 'the master user may publish every selected table',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { notOwned }, replicates) => {
      const tables = notOwned.filter(replicates);
      const names = [...new Set(tables.map((table) => table.owner))];
      return names.map((owner) => ({
        code: 'TABLE_NOT_OWNED',
        severity: 'block',
        seen: `in database ${database}, ${owner} owns ${tables
          .filter((table) => table.owner === owner)
          .map(displayTable)
          .join(', ')}, and ${source.login} is no member of it`,
        why: 'only who has the rights of its owner can add a table to a publication, rds_superuser cannot',
        next: `in database ${database} on the source: GRANT ${quoteIdent(owner)} TO ${quoteIdent(source.login)};`,
      }));
    }),
};

const mayPublish: SourceCheck = {
  code: 'PUBLICATION_NOT_ALLOWED',
  stops: ['publish', 'slot', 'ticket'],
  holds: 'the master user may create publications',
  side: 'source',
  run: (source, scope) =>
    inDatabases(source, scope, (database, { mayCreate }) => {
      if (mayCreate) return [];
      return [
        {
          code: 'PUBLICATION_NOT_ALLOWED',
          severity: 'block',
          seen: `${source.login} lacks the CREATE privilege on database ${database}`,
          why: 'a publication is an object of the database, and creating it would fail',
          next: `as the owner of the database, on the source: GRANT CREATE ON DATABASE ${quoteIdent(database)} TO ${quoteIdent(source.login)};`,
        },
      ];
    }),
};

function inDatabases(
  source: SourceSurvey,
  { contract }: Scope,
  look: (database: string, survey: SourceDatabaseSurvey, replicates: (table: TableName) => boolean) => Finding[],
): Finding[] {
  return Object.entries(source.databases).flatMap(([database, survey]) =>
    look(database, survey, (table) => isReplicated(contract, database, table)),
  );
}

export const tableContentsChecks = [equality, inexact, fullScan, unlogged, owners, mayPublish];
