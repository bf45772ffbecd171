import type { SourceContract } from '../../contract/contract';
import type { CauseKind, StreamCause } from '../model/stream-cause';
import { newClone, type StreamOf } from '../model/streams';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteLiteral, quoteQualified, type QualifiedName } from '../postgres/text/quoting';

/** Longer values are told nowhere, so no statement has them. */
const LONGEST_VALUE = 200;

/** What ends the cause: words, and the statement that does it on the clone where there is one that is right. */
export interface WayOut {
  readonly words: string;
  readonly sql: string | null;
  /** The partition that the source has replaced: the statement ends that for certain, and nothing is to be left out. */
  readonly replaced?: QualifiedName;
}

/**
 * The statement of DDL before which the stream stands, where that is what its worker failed at. To leave out the whole
 * transaction would lose its rows, and what is defined otherwise meanwhile comes with the statements behind it.
 */
export const ddlStatement = (cause: StreamCause | null | undefined): number | null => {
  const [, number] = /^sql-runner: the stream stops before statement (\d+) /.exec(cause?.words ?? '') ?? [];
  return number === undefined ? null : Number(number);
};

/** @returns null where the log says nothing that helps */
export function wayOut(cause: StreamCause | null | undefined, contract: SourceContract, of: StreamOf): WayOut | null {
  if (cause == null || cause.among.length > 0) return null;
  if (cause.kind === 'conflict' && cause.replaced === true && cause.table !== null) return outOfReplacing(cause.table);
  if (cause.kind === 'conflict' && cause.earlier !== undefined)
    return {
      words: `delete nothing, as that row of the clone may be production's: ${cause.earlier}; ${newClone(contract)}`,
      sql: null,
    };
  if (cause.kind === 'conflict') return outOfConflict(cause, of);
  if (cause.kind === 'table missing' && cause.unpublished === true) return outOfRenaming(cause, contract, of);
  if (cause.kind === 'null refused' && cause.table !== null && cause.column !== null) return outOfNotNull(cause);
  if (
    cause.kind === 'check refused' &&
    cause.table !== null &&
    cause.constraint !== null &&
    /^new row .* violates check/.test(cause.words)
  )
    return outOfCheck(cause);
  const words = WORDS[cause.kind]?.(contract, of, cause) ?? null;
  return words === null ? null : { words, sql: null };
}

/**
 * Where production writes a row by a primary key, it had none of that key at this point of its history, and all before
 * is applied: so the clone's is none of production's, whoever wrote it. By another key it may be a row of production
 * that was changed on the clone, and is not to be deleted; nor is one with which others go, of tables that another stream
 * may have brought further.
 */
function outOfConflict(cause: StreamCause, { database }: StreamOf): WayOut {
  const row = rowOf(cause);
  if (row === null)
    return {
      words: `look for the row that stands in the way in database ${database} of the clone, and compare it with production: a row that only the clone has goes, another one is made as production has it`,
      sql: null,
    };
  const look = `SELECT * FROM ${row}`;
  if (cause.deletable !== true)
    return {
      words: `see on both sides, in database ${database}, what has that key: ${look}; on the clone, delete the row if production has none of its primary key, else make it as production has it`,
      sql: null,
    };
  return {
    words: `production has written a row of that key anew, so that of the clone is none of production's: see what it is (SELECT * FROM ONLY ${row}), keep what is needed of it elsewhere, then delete it`,
    sql: `DELETE FROM ONLY ${row};`,
  };
}

/** Whichever row it is, the clone has the old table's; doctor has more of it as NEW_TABLE_NOT_ADDED. */
const outOfReplacing = (table: QualifiedName): WayOut => ({
  words: `${displayTable(table)} is still the partition that the source has replaced under this name`,
  sql: `DROP TABLE ${quoteQualified(table)};`,
  replaced: table,
});

/** `"schema"."table" WHERE "key" = '…'`; null where the log does not tell it for certain. */
function rowOf({ table, key }: StreamCause): string | null {
  if (table === null || key === null || key.some(({ value }) => value.length > LONGEST_VALUE)) return null;
  const wanted = key.map(({ column, value }) => `${quoteIdent(column)} = ${quoteLiteral(value)}`);
  return `${quoteQualified(table)} WHERE ${wanted.join(' AND ')}`;
}

/**
 * The worker looks a table up by the name of when its change was written, and takes it only of one that its subscription
 * knows (pg_subscription_rel, by oid): a new table of that name it would pass over without a word.
 */
const outOfRenaming = ({ table }: StreamCause, contract: SourceContract, { database }: StreamOf): WayOut => ({
  words: `production publishes no table of that name now: if ${displayTable(table!)} was another name of one that is there, give that table this name on the clone too, in database ${database} (ALTER TABLE ... RENAME TO ${quoteIdent(table!.name)}; where it was its schema that was renamed, CREATE SCHEMA ${quoteIdent(table!.schema)}, then ALTER TABLE ... SET SCHEMA ${quoteIdent(table!.schema)}), and its own again once the stream goes on, or the worker asks for that; make no new table under the name, its changes would be skipped; if production dropped it, or no table is left that it was: ${newClone(contract)}`,
  sql: null,
});

const outOfNotNull = ({ table, column }: StreamCause): WayOut => ({
  words: 'production has a null there, so the clone has to take it',
  sql: `ALTER TABLE ${quoteQualified(table!)} ALTER COLUMN ${quoteIdent(column!)} DROP NOT NULL;`,
});

const outOfCheck = ({ table, constraint }: StreamCause): WayOut => ({
  words: 'production has such a row, so the clone has to take it',
  sql: `ALTER TABLE ${quoteQualified(table!)} DROP CONSTRAINT ${quoteIdent(constraint!)};`,
});

type Words = (contract: SourceContract, of: StreamOf, cause: StreamCause) => string;

const asProduction =
  (what: string): Words =>
  ({ environment }) =>
    `make ${what} on the clone as production has it: sql-runner doctor ${environment} names what differs`;
const role = ({ replication }: SourceContract): string => `role ${replication.role}`;

const WORDS: Partial<Record<CauseKind, Words>> = {
  'table missing': asProduction('the table'),
  'column missing': (contract, of, cause) =>
    `${asProduction('the column')(contract, of, cause)}; if it was another name of a column that is there, give that one this name on the clone, and its own again once the worker asks for that`,
  'value refused': asProduction("the column's type"),
  'null refused': asProduction('the domain'),
  'check refused': asProduction('the constraint, or the partition,'),
  'no replica identity': asProduction("the table's replica identity"),
  // The server looks it up as it was when the change was written (get_rel_sync_entry in pgoutput.c).
  'publication gone': (contract) =>
    `what production wrote while the publication was gone, or had another name, cannot be sent, whatever it is named by now: ${newClone(contract)}`,
  'truncate refused': ({ environment }) =>
    `a table that is not replicated with it refers to it by a foreign key: sql-runner doctor ${environment} names it as TRUNCATE_STOPS_APPLY, with the statement that ends that`,
  'permission denied': ({ environment }) =>
    `give the owner of the table that right on the clone: sql-runner doctor ${environment} names it`,
  'not let in': () =>
    'the source turns the clone away before it asks for a password: look at its pg_hba.conf, on RDS at the security groups and rds.force_ssl',
  'role refused': (contract) =>
    `${role(contract)} of the source is gone, or may not log in, connect or replicate: sql-runner doctor ${contract.environment} says which`,
  'authority unread': ({ replication }) =>
    `the server of the clone cannot read ${replication.sslRootCert}: name the file of authorities that it has as replication.sslRootCert in the environment file`,
  'certificate refused': ({ replication }) =>
    `the certificate of the source is not of an authority in ${replication.sslRootCert}, or of another host: see what the source shows`,
  'host unknown': () =>
    'the clone cannot resolve the name of the source: look at the DNS settings of the VPC, and of the peering (docs/networks.md)',
  'not reached': () =>
    'see that the source runs, and that security groups and the way there (docs/networks.md) let the clone reach it',
  'database missing': (_, { database }) =>
    `database ${database} of the source is gone, or has another name: give it its name again`,
  'no room': ({ environment }) =>
    `connections, senders or workers are used up: sql-runner doctor ${environment} says of what there is too little`,
  'slot in use': (_, { stream }, { holder }) =>
    `process ${holder} of the source reads slot ${stream.slot}: wait until it has gone, or see who it is`,
  timeout: ({ environment }) =>
    `a timeout ends what takes long; where a setting of the clone does, sql-runner doctor ${environment} names it as SETTING_HARMS_APPLY, with the statement that ends that`,
  'no space': ({ environment }) =>
    `the clone has no room left for what the worker writes: look at its storage and memory; where temp_file_limit does it, sql-runner doctor ${environment} names it as SETTING_HARMS_APPLY, with the statement that ends that`,
  terminated: () =>
    'somebody ended the worker, or its sender on the source, and the server starts it again by itself: see who ends it, if that goes on',
  deadlock: () => 'a session of the clone locks the same rows in another order: see which, if that goes on',
};
