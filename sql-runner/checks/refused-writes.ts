import type { SourceContract } from '../../contract/contract';
import type { Part } from '../../contract/row-filter';
import type { Finding, Step } from '../model/change';
import type { PublicationFacts, PublishedTableFacts, SourceObservation, TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { HEARTBEAT_TABLE } from '../../contract/naming';
import { ownMark, parseMark } from '../model/mark';
import type { TablePart } from '../model/table-notes';
import { partOf } from '../model/table-parts';
import { publishedMemberSql } from '../resources/published-member';
import type { StreamFacts } from '../model/stream-state';
import { isSafeToWrite, publishedBy, sendsRows, type Published } from '../resources/published';
import { displayTable } from '../model/table-selection';
import { tableKey } from '../model/table-index';
import { TableTree } from '../model/table-tree';
import { identityStatement, OTHER_IDENTITY, refusal } from './identity';

/** What would tie more to a publication that hurts production. Repairs go on. */
const ONWARD: readonly Step[] = ['publish', 'slot', 'ticket', 'connect'];

/**
 * Whether production refuses UPDATE and DELETE now, because of what is published:
 * a primary key that a migration dropped, a partition that was attached without
 * one, an identity set to nothing. Looked at as long as a publication stands.
 */
export const checkRefusedWrites = (contract: SourceContract, source: SourceObservation): Finding[] =>
  eachRefusal(contract, source, true).map(refusedWrites);

/** The same, of one stream: by its database and its publication, whose tables need not be read where that tells it. */
export function refusedWritesOf(
  contract: SourceContract,
  source: SourceObservation,
  { database, publication }: Pick<StreamFacts, 'database' | 'publication'>,
): Finding[] {
  if (publication === null || isSafeToWrite(publication)) return [];
  return refusalsIn(contract, source, database, [publication], true).map(refusedWrites);
}

function refusedWrites({ database, publication, refused }: Refusal): Finding {
  return {
    code: 'SOURCE_REFUSES_WRITES',
    severity: 'block',
    stops: ONWARD,
    seen: `production refuses UPDATE and DELETE on ${described(refused)} in database ${database}, because publication ${publication.name} publishes them`,
    why: 'the server refuses what it could not describe to a subscriber: whoever writes to these tables gets an error',
    next: ownRemedy(database, publication, refused),
  };
}

function ownRemedy(database: string, publication: PublicationFacts, refused: readonly Refused[]): string {
  const statements = remedy(publication, refused);
  // Somebody has made it publish a whole schema.
  if (statements.length === 0) return `give ${refused.map(tableOf).join(', ')} ${OTHER_IDENTITY}`;
  return `to end it at once (${howToEnd(publication, refused)}), in database ${database} on the source: ${statements.join(' ')}`;
}

/** The same because of somebody else's publication: neither made nor ended by us, and told all the same. */
export function checkForeignRefusals(contract: SourceContract, source: SourceObservation): Finding[] {
  return eachRefusal(contract, source, false).map(({ database, publication, refused }) => ({
    code: 'FOREIGN_PUBLICATION_REFUSES_WRITES',
    severity: 'warn',
    seen: `production refuses UPDATE and DELETE on ${described(refused)} in database ${database}, because publication ${publication.name}, which is not of this environment, publishes them`,
    why: 'whoever writes to these tables gets an error; a teardown of this environment does not end that',
    next: foreignRemedy(database, publication, refused),
  }));
}

function foreignRemedy(database: string, publication: PublicationFacts, refused: readonly Refused[]): string {
  const statements = remedy(publication, refused);
  const hopeless = refused.filter(({ table, named }) => identityStatement(table) === null && named === null);
  const other = hopeless.length === 0 ? '' : `give ${hopeless.map(tableOf).join(', ')} ${OTHER_IDENTITY}`;
  if (statements.length === 0) return `ask its owner whether it is needed; if it is, ${other}`;
  const also = other === '' ? '' : ` (and ${other})`;
  return `if its owner still needs the publication${also}, in database ${database} on the source: ${statements.join(' ')}`;
}

export interface Refused extends Published {
  readonly fault: string;
}

interface Refusal {
  readonly database: string;
  readonly publication: PublicationFacts;
  readonly refused: readonly Refused[];
}

const eachRefusal = (contract: SourceContract, source: SourceObservation, ours: boolean): Refusal[] =>
  Object.entries(source.databases).flatMap(([database, { publications }]) =>
    refusalsIn(contract, source, database, publications, ours),
  );

function refusalsIn(
  contract: SourceContract,
  source: SourceObservation,
  database: string,
  publications: readonly PublicationFacts[],
  ours: boolean,
): Refusal[] {
  return publications
    .filter(({ comment }) => (ownMark(comment, 'publication', contract.environment) !== null) === ours)
    .map((publication) => ({
      database,
      publication,
      refused: refusedBy(publication, source.databases[database]!.tables, source.server.versionNum),
    }))
    .filter(({ refused }) => refused.length > 0);
}

/** Of either side: the tables whose UPDATE and DELETE a server refuses because of a publication of its own. */
export function refusedBy(
  publication: PublicationFacts,
  tables: readonly CatalogTable[],
  versionNum: number,
): Refused[] {
  if (!publication.sendsChanges) return [];
  return publishedBy(publication, new TableTree(tables)).flatMap((published) => {
    const fault = sendsRows(published.table) ? refusal(published, publication, versionNum) : null;
    return fault === null ? [] : [{ ...published, fault }];
  });
}

const tableOf = ({ table }: Published): string => displayTable(table);

export const described = (refused: readonly Refused[]): string =>
  refused.map((one) => `${tableOf(one)} (${one.fault})`).join(', ');

function howToEnd(publication: PublicationFacts, refused: readonly Refused[]): string {
  const waits = 'each statement waits for open transactions on its table and blocks it for a moment';
  const [leaving, staying] = [refused.filter(isWithout), refused.filter((one) => !isWithout(one))];
  const keyed =
    staying.length === 0 ? '' : '; with a primary key that is not deferrable, REPLICA IDENTITY DEFAULT is faster';
  const parts = refused.filter((one) => isInPart(publication, one));
  if (parts.length > 0)
    return `${waits}; of ${parts.map(tableOf).join(', ')} only a part is published, which needs columns that do not identify its rows any more, so it has to leave the publication, and a new clone is needed; if there is time, better give each its replica identity back`;
  if (leaving.length === 0) return `${waits}${keyed}`;
  return `${waits}${keyed}; nothing identifies the rows of ${leaving.map(tableOf).join(', ')}, so what publishes them has to leave the publication, and a new clone is needed; if there is time, better give each ${OTHER_IDENTITY}`;
}

/** Neither a key nor whole rows nor an index: the fault is that of a generated column. */
const isWithout = ({ table }: Refused): boolean => table.identityFault !== null && identityStatement(table) === null;

/**
 * Published in part by us: as a whole it would send what the clone is not to have, and whole rows, or another key, need not
 * go with its part.
 */
const isInPart = (publication: PublicationFacts, { named }: Refused): boolean =>
  named !== null && partIn(publication, named) !== undefined;

function partIn({ comment }: PublicationFacts, table: TableName): TablePart | undefined {
  const mark = parseMark(comment);
  return mark?.kind === 'publication' ? partOf(mark.parts ?? [], table) : undefined;
}

function remedy(publication: PublicationFacts, refused: readonly Refused[]): string[] {
  const isLeaving = (one: Refused): boolean => isWithout(one) || isInPart(publication, one);
  const identities = refused.filter((one) => one.table.identityFault !== null && !isLeaving(one));
  const leaving = new Map(
    refused.filter(isLeaving).flatMap(({ named }) => (named === null ? [] : [[tableKey(named), named]])),
  );
  const heartbeat = publication.heartbeat === true ? [{ schema: publication.name, name: HEARTBEAT_TABLE }] : [];
  const kept = publication.tables.filter((table) => !leaving.has(tableKey(table)));
  // Those of others that are published in part by us stay so.
  const list = [...kept, ...heartbeat].map((table) => publishedMemberSql(table, sentPart(publication, table)));
  const whole = refused.some((one) => one.uncovered && !isInPart(publication, one))
    ? [`ALTER PUBLICATION ${quoteIdent(publication.name)} SET TABLE ${list.join(', ')};`]
    : [...leaving.values()].map(
        (table) => `ALTER PUBLICATION ${quoteIdent(publication.name)} DROP TABLE ONLY ${quoteQualified(table)};`,
      );
  return [...identities.flatMap(({ table }) => identityStatement(table) ?? []), ...whole];
}

function sentPart(publication: PublicationFacts, table: PublishedTableFacts): Part {
  const part = partIn(publication, table);
  return part === undefined ? {} : { where: part.where, columns: table.columns };
}
