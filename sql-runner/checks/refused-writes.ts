import type { SourceContract } from '../../stacks/contract';
import type { Finding, Step } from '../engine/change';
import type { PublicationFacts, SourceDatabaseFacts, SourceObservation } from '../engine/observation';
import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { HEARTBEAT_TABLE } from '../resources/heartbeat';
import { ownMark } from '../resources/mark';
import { publishedBy, sendsRows, type Published } from '../resources/published';
import { displayTable } from '../resources/table-selection';
import { TableTree } from '../resources/table-tree';
import { identityStatement } from './identity';

/** What would tie more to a publication that hurts production. Repairs go on. */
const ONWARD: readonly Step[] = ['publish', 'slot', 'ticket', 'connect'];

/**
 * Whether production refuses UPDATE and DELETE now, because of what is published:
 * a primary key that a migration dropped, a partition that was attached without
 * one, an identity set to nothing. Looked at as long as a publication stands.
 */
export function checkRefusedWrites(contract: SourceContract, source: SourceObservation): Finding[] {
  return eachRefusal(contract, source, true).map(({ database, publication, refused }) => ({
    code: 'SOURCE_REFUSES_WRITES',
    severity: 'block',
    stops: ONWARD,
    seen: `production refuses UPDATE and DELETE on ${described(refused)} in database ${database}, because publication ${publication.name} publishes them`,
    why: 'the server refuses what it could not describe to a subscriber: whoever writes to these tables gets an error',
    next: `to end it at once (each statement waits for open transactions on its table and blocks it for a moment; once the table has a primary key again, REPLICA IDENTITY DEFAULT is faster), in database ${database} on the source: ${remedy(publication, refused)}`,
  }));
}

/** The same because of somebody else's publication: neither made nor ended by us, and told all the same. */
export function checkForeignRefusals(contract: SourceContract, source: SourceObservation): Finding[] {
  return eachRefusal(contract, source, false).map(({ database, publication, refused }) => ({
    code: 'FOREIGN_PUBLICATION_REFUSES_WRITES',
    severity: 'warn',
    seen: `production refuses UPDATE and DELETE on ${described(refused)} in database ${database}, because publication ${publication.name}, which is not of this environment, publishes them`,
    why: 'whoever writes to these tables gets an error; a teardown of this environment does not end that',
    next: `if its owner still needs the publication, give the tables an identity, in database ${database} on the source: ${remedy(publication, refused)}`,
  }));
}

interface Refusal {
  readonly database: string;
  readonly publication: PublicationFacts;
  readonly refused: readonly Published[];
}

function eachRefusal(contract: SourceContract, source: SourceObservation, ours: boolean): Refusal[] {
  return Object.entries(source.databases).flatMap(([database, facts]) =>
    facts.publications
      .filter(({ comment }) => (ownMark(comment, 'publication', contract.environment) !== null) === ours)
      .map((publication) => ({ database, publication, refused: refusedBy(publication, facts) }))
      .filter(({ refused }) => refused.length > 0),
  );
}

function refusedBy(publication: PublicationFacts, { tables }: SourceDatabaseFacts): Published[] {
  if (!publication.sendsChanges) return [];
  return publishedBy(publication, new TableTree(tables)).filter(
    ({ table, uncovered }) => sendsRows(table) && (table.identityFault !== null || uncovered),
  );
}

const described = (refused: readonly Published[]): string =>
  refused
    .map(({ table, uncovered }) => {
      const fault = table.identityFault ?? (uncovered ? 'columns or rows left out that its identity needs' : '');
      return `${displayTable(table)} (${fault})`;
    })
    .join(', ');

function remedy(publication: PublicationFacts, refused: readonly Published[]): string {
  const identities = refused.filter(({ table }) => table.identityFault !== null);
  const heartbeat = publication.heartbeat === true ? [{ schema: publication.name, name: HEARTBEAT_TABLE }] : [];
  const list = [...publication.tables, ...heartbeat].map((table) => `ONLY ${quoteQualified(table)}`).join(', ');
  const whole = refused.some(({ uncovered }) => uncovered)
    ? [`ALTER PUBLICATION ${quoteIdent(publication.name)} SET TABLE ${list};`]
    : [];
  return [...identities.map(({ table }) => identityStatement(table)), ...whole].join(' ');
}
