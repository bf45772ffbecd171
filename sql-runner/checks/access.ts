import type { UnreadableTable } from '../postgres/catalog/access';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { Check, SourceCheck, TargetCheck } from './check';
import { withRights } from '../resources/membership';
import { replicatedBy, usesSchema } from '../model/streams';
import type { Scope, SourceDatabaseSurvey, SourceSurvey } from '../model/survey';

/** Names that the master user cannot look up, and tables that it cannot read. */
interface Access extends Pick<SourceSurvey, 'login' | 'server'> {
  readonly databases: Readonly<Record<string, Pick<SourceDatabaseSurvey, 'unusable' | 'unreadable'>>>;
}

const sourceSchemas: SourceCheck = {
  code: 'SOURCE_SCHEMA_CLOSED',
  stops: ['publish', 'slot', 'ticket'],
  holds: 'the master user may use every replicated schema of the source',
  side: 'source',
  run: (source, scope) =>
    closedSchemas(source, scope).map(({ database, schema }) => ({
      severity: 'block',
      seen: `${source.login} lacks USAGE on schema ${schema} of database ${database} on the source`,
      why: 'its tables cannot be looked up, so publishing them would fail',
      next: `as its owner, in database ${database} on the source: ${usage(schema, source.login)}`,
    })),
};

const targetSchemas: TargetCheck = {
  code: 'TARGET_SCHEMA_CLOSED',
  stops: ['connect'],
  holds: 'the master user may use every replicated schema of the clone',
  side: 'target',
  run: (target, scope) =>
    closedSchemas(target, scope).map(({ database, schema }) => ({
      severity: 'block',
      seen: `${target.login} lacks USAGE on schema ${schema} of database ${database} on the clone`,
      why: 'the apply worker looks its tables up as the owner of the subscription, and stops where it may not',
      next: `as its owner, in database ${database} on the clone: ${usage(schema, target.login)}`,
    })),
};

const sourceTables: SourceCheck = {
  code: 'SOURCE_TABLE_UNREADABLE',
  holds: 'the master user may read every replicated table of the source',
  side: 'source',
  run: (source, scope) =>
    unreadable(source, scope).map(({ database, table }) => ({
      severity: 'warn',
      seen: `${source.login} ${table.selectMissing ? 'may not read' : 'sees only part of'} table ${displayTable(table)} in database ${database} on the source`,
      why: 'sql-runner verify could not compare it',
      next: `as its owner, in database ${database} on the source: ${opening(table, source)}`,
    })),
};

const targetTables: TargetCheck = {
  code: 'TARGET_TABLE_UNREADABLE',
  holds: 'the master user may read every replicated table of the clone',
  side: 'target',
  run: (target, scope) =>
    unreadable(target, scope).map(({ database, table }) => ({
      severity: 'warn',
      seen: `${target.login} ${table.selectMissing ? 'may not read' : 'sees only part of'} table ${displayTable(table)} in database ${database} on the clone`,
      why: 'sql-runner verify could not compare it',
      next: `as its owner, in database ${database} on the clone: ${opening(table, target)}`,
    })),
};

function closedSchemas({ databases }: Access, { contract }: Scope): { database: string; schema: string }[] {
  return Object.entries(databases).flatMap(([database, { unusable }]) =>
    unusable.filter((schema) => usesSchema(contract, database, schema)).map((schema) => ({ database, schema })),
  );
}

function unreadable({ databases }: Access, scope: Scope): { database: string; table: UnreadableTable }[] {
  return Object.entries(databases).flatMap(([database, survey]) =>
    survey.unreadable.filter(replicatedBy(scope, database)).map((table) => ({ database, table })),
  );
}

const usage = (schema: string, login: string): string =>
  `GRANT USAGE ON SCHEMA ${quoteIdent(schema)} TO ${quoteIdent(login)};`;

/** Policies hold for everybody but the owner and its members, and for those too where they are forced. */
function opening(table: UnreadableTable, { login, server }: Access): string {
  if (table.forced) return `ALTER TABLE ${quoteQualified(table)} NO FORCE ROW LEVEL SECURITY;`;
  if (table.selectMissing) return `GRANT SELECT ON TABLE ${quoteQualified(table)} TO ${quoteIdent(login)};`;
  return `GRANT ${quoteIdent(table.owner)} TO ${quoteIdent(login)}${withRights(server.versionNum)};`;
}

export const accessChecks: readonly Check[] = [sourceSchemas, targetSchemas, sourceTables, targetTables];
