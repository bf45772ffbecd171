import type { DefinedColumn, DefinedSequence, Grant, TableDefinition } from '../../postgres/catalog/table-definitions';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../postgres/text/quoting';
import type { TableName } from '../../model/observation';
import { sameTable } from '../../model/table-selection';
import { grantStatements } from './grant-statements';
import { identityClause, sequenceStatements } from './sequence-statements';

/** What of the clone decides which statements make a table there. */
export interface MadeWhere {
  readonly hasSchema: boolean;
  /** Tables that foreign keys may reference: those that are there, and itself. */
  readonly references: readonly TableName[];
}

/**
 * What makes an empty table as the source defines it, a partitioned one without its partitions; without triggers, rules, policies and statistics objects. Texts of
 * the definition are the server's own (pg_get_expr and its like), all names in them quoted and qualified.
 */
export function tableStatements(table: TableDefinition, where: MadeWhere): string[] {
  const own = `TABLE ${quoteQualified(table)}`;
  const alter = `ALTER TABLE ONLY ${quoteQualified(table)}`;
  // Of a partitioned table the server refuses ONLY for these, whether it has partitions or not (ATAddForeignKeyConstraint).
  const alterWhole = table.partitionKey === null ? alter : `ALTER ${own}`;
  const constraints = table.constraints.filter(
    ({ referenced }) => referenced === null || where.references.some((one) => sameTable(one, referenced)),
  );
  return [
    ...(where.hasSchema ? [] : schemaStatements(table)),
    ...table.sequences.filter(({ identity }) => identity === null).flatMap(sequenceStatements),
    creation(table),
    ...table.columns.flatMap((column) => columnStatements(alter, column)),
    ...constraints
      .filter(({ kind }) => kind !== 'f')
      .map(({ name, definition }) => `${alter} ADD CONSTRAINT ${quoteIdent(name)} ${definition}`),
    ...table.indexes.map(({ definition }) => definition),
    ...constraints
      .filter(({ kind }) => kind === 'f')
      .map(({ name, definition }) => `${alterWhole} ADD CONSTRAINT ${quoteIdent(name)} ${definition}`),
    ...identityStatements(alter, table),
    ...table.sequences
      .filter(({ identity }) => identity === null)
      .map(
        (one) => `ALTER SEQUENCE ${quoteQualified(one)} OWNED BY ${quoteQualified(table)}.${quoteIdent(one.column)}`,
      ),
    ...comments(table, constraints),
    `ALTER ${own} OWNER TO ${quoteIdent(table.owner)}`,
    ...grantStatements(own, table.owner, table.grants),
    ...table.columns.flatMap(({ name, grants }) => columnGrants(table, name, grants)),
    ...table.sequences.flatMap((one) => grantStatements(`SEQUENCE ${quoteQualified(one)}`, table.owner, one.grants)),
  ];
}

/** Another table of this plan may have made it by then. */
function schemaStatements({ schema, schemaOwner, schemaGrants }: TableDefinition): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoteIdent(schema)} AUTHORIZATION ${quoteIdent(schemaOwner)}`,
    ...grantStatements(`SCHEMA ${quoteIdent(schema)}`, schemaOwner, schemaGrants),
  ];
}

function creation(table: TableDefinition): string {
  const columns = table.columns.map((column) => columnClause(column, table.sequences));
  const options = table.options.map((option) => {
    const [name, value] = [option.slice(0, option.indexOf('=')), option.slice(option.indexOf('=') + 1)];
    return `${name} = ${quoteLiteral(value)}`;
  });
  const stored = options.length === 0 ? '' : ` WITH (${options.join(', ')})`;
  const parted = table.partitionKey === null ? '' : ` PARTITION BY ${table.partitionKey}`;
  return `CREATE TABLE ${quoteQualified(table)} (${columns.join(', ')})${parted}${stored}`;
}

function columnClause(column: DefinedColumn, sequences: readonly DefinedSequence[]): string {
  const identity = sequences.find((one) => one.column === column.name && one.identity !== null);
  return [
    quoteIdent(column.name),
    column.type,
    ...(column.collation === null ? [] : [`COLLATE ${column.collation}`]),
    ...(column.generated === ''
      ? column.expression === null
        ? []
        : [`DEFAULT ${column.expression}`]
      : [`GENERATED ALWAYS AS (${column.expression}) ${column.generated === 's' ? 'STORED' : 'VIRTUAL'}`]),
    ...(identity === undefined ? [] : [identityClause(identity)]),
    ...(column.notNull === null
      ? []
      : column.notNull.constraint === null
        ? ['NOT NULL']
        : [`CONSTRAINT ${quoteIdent(column.notNull.constraint)} NOT NULL`]),
  ].join(' ');
}

function columnStatements(alter: string, column: DefinedColumn): string[] {
  const set = (what: string) => `${alter} ALTER COLUMN ${quoteIdent(column.name)} SET ${what}`;
  const options = column.options.map((option) => option.replace('=', ' = '));
  return [
    ...(column.storage === null ? [] : [set(`STORAGE ${column.storage}`)]),
    ...(column.compression === null ? [] : [set(`COMPRESSION ${column.compression}`)]),
    ...(column.statistics === null ? [] : [set(`STATISTICS ${column.statistics}`)]),
    ...(options.length === 0 ? [] : [set(`(${options.join(', ')})`)]),
  ];
}

function identityStatements(alter: string, { identity, identityIndex }: TableDefinition): string[] {
  if (identity === 'f') return [`${alter} REPLICA IDENTITY FULL`];
  if (identity === 'n') return [`${alter} REPLICA IDENTITY NOTHING`];
  return identityIndex === null ? [] : [`${alter} REPLICA IDENTITY USING INDEX ${quoteIdent(identityIndex)}`];
}

function comments(table: TableDefinition, constraints: TableDefinition['constraints']): string[] {
  const on = (what: string, comment: string | null) =>
    comment === null ? [] : [`COMMENT ON ${what} IS ${quoteLiteral(comment)}`];
  const { schema } = table;
  return [
    ...on(`TABLE ${quoteQualified(table)}`, table.comment),
    ...table.columns.flatMap(({ name, comment }) => on(`COLUMN ${quoteQualified(table)}.${quoteIdent(name)}`, comment)),
    ...constraints.flatMap(({ name, comment }) =>
      on(`CONSTRAINT ${quoteIdent(name)} ON ${quoteQualified(table)}`, comment),
    ),
    ...table.indexes.flatMap(({ name, comment }) => on(`INDEX ${quoteQualified({ schema, name })}`, comment)),
    ...table.sequences.flatMap((one) => on(`SEQUENCE ${quoteQualified(one)}`, one.comment)),
  ];
}

const columnGrants = (table: TableDefinition, column: string, grants: readonly Grant[]): string[] =>
  grants.map(
    ({ grantee, privilege, grantable }) =>
      `GRANT ${privilege} (${quoteIdent(column)}) ON ${quoteQualified(table)} TO ${grantee === null ? 'PUBLIC' : quoteIdent(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`,
  );
