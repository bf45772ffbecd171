import type { SourceContract } from '../../stacks/contract';
import type { Finding, StreamOf } from '../engine/change';
import type { SourceObservation, TableFacts, TableName } from '../engine/observation';
import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { displayTable, missingFromSelection, selectTables } from '../resources/table-selection';

/**
 * The tables that the environment selects, before anything is published.
 * Publishing a table without replica identity makes the *source* reject its
 * UPDATE and DELETE (PostgreSQL manual, "Logical Replication: Publication").
 */
export function checkSelectedTables(contract: SourceContract, source: SourceObservation, of: StreamOf): Finding[] {
  const database = source.databases[of.database];
  if (database === undefined || !database.exists) return [databaseMissing(contract, of)];
  const missing = missingFromSelection(of.stream.selection, database.tables);
  if (missing.length > 0) return [selectionMissing(of, missing)];
  const selected = selectTables(of.stream.selection, database.tables);
  if (selected.length === 0) return [nothingSelected(of)];
  return [
    ...(database.mayCreate ? [] : [createMissing(of)]),
    ...selected.filter((table) => !table.mayPublish).map((table) => ownershipMissing(of, table)),
    ...selected.flatMap((table) => withoutIdentity(table).map((culprit) => identityMissing(of, culprit))),
  ];
}

function withoutIdentity(table: TableFacts): TableName[] {
  return [...(table.hasReplicaIdentity ? [] : [table]), ...table.partitionsWithoutIdentity];
}

/** PostgreSQL manual, CREATE PUBLICATION: CREATE on the database, and ownership of every table. */
function createMissing(of: StreamOf): Finding {
  return {
    code: 'PRIVILEGE_MISSING',
    severity: 'block',
    seen: `the master user lacks the privilege CREATE on database ${of.database}`,
    why: 'the publication could not be made',
    next: `as the owner of the database: GRANT CREATE ON DATABASE ${quoteIdent(of.database)} TO the master user`,
  };
}

function ownershipMissing(of: StreamOf, table: TableFacts): Finding {
  return {
    code: 'PRIVILEGE_MISSING',
    severity: 'block',
    seen: `table ${displayTable(table)} in database ${of.database} belongs to ${table.owner}, whose privileges the master user does not have`,
    why: 'only the owner of a table may publish it',
    next: `as the master user: GRANT ${quoteIdent(table.owner)} TO CURRENT_USER; or select other tables in the environment file`,
  };
}

function identityMissing(of: StreamOf, table: TableName): Finding {
  const name = quoteQualified(table);
  return {
    code: 'REPLICA_IDENTITY_MISSING',
    severity: 'block',
    seen: `table ${displayTable(table)} in database ${of.database} has no replica identity`,
    why: 'once it is published, production would reject every UPDATE and DELETE on it',
    next: `best give it a primary key; or a unique index over NOT NULL columns: ALTER TABLE ${name} REPLICA IDENTITY USING INDEX …; or select other tables in the environment file; or, slower, in database ${of.database} on the source: ALTER TABLE ${name} REPLICA IDENTITY FULL;`,
  };
}

function databaseMissing(contract: SourceContract, of: StreamOf): Finding {
  return {
    code: 'DATABASE_MISSING',
    severity: 'block',
    seen: `database ${of.database} does not exist on ${contract.cluster.identifier}`,
    why: 'there is nothing to replicate',
    next: 'correct databases[].name in the environment file and deploy the source stack again',
  };
}

function selectionMissing(of: StreamOf, missing: readonly string[]): Finding {
  return {
    code: 'TABLE_MISSING',
    severity: 'block',
    seen: `database ${of.database} has no ${missing.join(', no ')}`,
    why: 'the environment asks for it by name',
    next: 'correct the name in the environment file (double quotes around mixed case) and deploy the source stack again',
  };
}

function nothingSelected(of: StreamOf): Finding {
  return {
    code: 'NOTHING_SELECTED',
    severity: 'block',
    seen: `the environment selects no table of database ${of.database}`,
    why: 'a publication without tables replicates nothing',
    next: 'create tables first, or take the database out of the environment file',
  };
}
