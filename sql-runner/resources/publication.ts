import type { StreamFacts } from '../model/stream-state';
import type { Address } from '../model/address';
import type { SourceContract } from '../../contract/contract';
import { samePart } from '../../contract/row-filter';
import {
  block,
  joinProposals,
  NOTHING,
  propose,
  sqlChange,
  type Finding,
  type Guard,
  type Proposal,
  type Refusal,
  type Statement,
} from '../model/change';
import type { PublicationFacts, SourceDatabaseFacts, SourceObservation, TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { heartbeatTable } from './heartbeat';
import { partsIdentify, writesGoOn } from './writes-go-on';
import { foreignMark, formatMark, parseMark, type PublicationMark } from '../model/mark';
import { planAltered, planPublicationOwner } from './publication-drift';
import { partsMoved } from './parts-moved';
import { publishedMemberSql } from './published-member';
import { apartFromSelection } from './selection-moved';
import { partOf, sameParts, wantedPart, wantedParts, withParts } from '../model/table-parts';
import { sameTables, selectTables } from '../model/table-selection';
import type { TablePart } from '../model/table-notes';
import { TableTree } from '../model/table-tree';
import type { StreamOf } from '../model/streams';

export const publicationAddress = ({ publisher, stream }: StreamOf): Address => ({
  ...publisher,
  kind: 'publication',
  name: stream.publication,
});

/**
 * Whether a clone ticket vouches for the publication (its table list is then what
 * the clone is aligned to and no longer ours to change), and what the clone inherited.
 */
export interface Ticketed {
  readonly issued: boolean;
  readonly inherited: PublicationFacts | null;
}

export function planPublication(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  ticket: Ticketed,
): Proposal {
  const database = source.databases[of.database]!;
  const { publication, mark } = of;
  if (publication === null) return createPublication(contract, of, selectTables(of.stream.selection, database.tables));
  if (mark === null) return block(nameTaken(of, publication));
  if (ticket.issued)
    return joinProposals([
      planVouchedFor(contract, of, publication, ticket.inherited, database),
      propose([], apartFromSelection(contract, of, publication, new TableTree(database.tables))),
      propose([], partsMoved(contract, of, mark, publication)),
    ]);
  return joinProposals([
    planPublicationOwner(of, publication),
    planTables(of, mark, publication, selectTables(of.stream.selection, database.tables), database.tableParts),
  ]);
}

/** What plan refuses of one that is there under a ticket; most of it without the tables of the database. */
export function refusedOfPublication(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
): readonly Finding[] {
  const { publication, mark, inherited } = of;
  if (publication === null) return [];
  if (mark === null) return block(nameTaken(of, publication)).findings;
  const { findings } = planVouchedFor(contract, of, publication, inherited, source.databases[of.database]!);
  return findings.filter(({ severity }) => severity === 'block');
}

const planVouchedFor = (
  contract: SourceContract,
  of: StreamFacts,
  publication: PublicationFacts,
  inherited: PublicationFacts | null,
  database: Pick<SourceDatabaseFacts, 'tables'>,
): Proposal =>
  joinProposals([planPublicationOwner(of, publication), planAltered(contract, of, publication, inherited, database)]);

function nameTaken(of: StreamOf, { name, comment }: PublicationFacts): Refusal {
  return {
    code: 'PUBLICATION_NAME_TAKEN',
    seen: `publication ${name} in database ${of.database} exists and ${foreignMark(comment)}`,
    why: 'it belongs to somebody else (or its comment was changed), and altering it would break its subscribers',
    next:
      parseMark(comment) !== null
        ? 'rename one of both environments'
        : `rename the environment; or, if it is a leftover that no subscription reads, drop it in database ${of.database} on the source: DROP PUBLICATION ${quoteIdent(name)};`,
  };
}

function createPublication(contract: SourceContract, of: StreamOf, tables: readonly CatalogTable[]): Proposal {
  return propose([
    sqlChange({
      address: publicationAddress(of),
      action: 'create',
      step: 'publish',
      reason: `${tables.length} tables${inPart(of, tables)}; it must exist before the slot, or decoding fails`,
      place: of.publisher,
      guards: [],
      afterwards: goingOn(contract.environment, of, tables),
      statements: creation(of, tables, {
        kind: 'publication',
        environment: contract.environment,
        slot: of.stream.slot,
      }),
    }),
  ]);
}

function creation(of: StreamOf, tables: readonly TableName[], mark: PublicationMark): Statement[] {
  const name = quoteIdent(of.stream.publication);
  return [
    { text: `CREATE PUBLICATION ${name} FOR TABLE ${publishedListSql(of, [...tables, heartbeatTable(of)])}` },
    rememberParts(of, mark, tables),
  ];
}

/** The mark says what was asked for, as the server shows a condition in words of its own. */
const rememberParts = (of: StreamOf, mark: PublicationMark, tables: readonly TableName[]): Statement => ({
  text: `COMMENT ON PUBLICATION ${quoteIdent(of.stream.publication)} IS ${quoteLiteral(formatMark(withParts(mark, wantedParts(of.stream.selection, tables))))}`,
});

function inPart(of: StreamOf, tables: readonly TableName[]): string {
  const { length } = wantedParts(of.stream.selection, tables);
  return length === 0 ? '' : `, of ${length} of them only a part`;
}

function goingOn(environment: string, of: StreamOf, tables: readonly TableName[]): Guard[] {
  const parts = wantedParts(of.stream.selection, tables);
  return [writesGoOn(environment, of), ...(parts.length === 0 ? [] : [partsIdentify(environment, of)])];
}

/** ALTER PUBLICATION … SET TABLE cannot undo FOR ALL TABLES, nor everything that WITH can say. */
function replacePublication(
  of: StreamOf,
  mark: PublicationMark,
  publication: PublicationFacts,
  wanted: readonly CatalogTable[],
): Proposal {
  return propose([
    sqlChange({
      address: publicationAddress(of),
      action: 'replace',
      step: 'publish',
      reason:
        'it was altered: it leaves out rows, columns or operations, or names tables in another way than by a list',
      place: of.publisher,
      guards: [],
      afterwards: goingOn(mark.environment, of, wanted),
      statements: [{ text: `DROP PUBLICATION ${quoteIdent(publication.name)}` }, ...creation(of, wanted, mark)],
    }),
  ]);
}

function planTables(
  of: StreamOf,
  mark: PublicationMark,
  publication: PublicationFacts,
  wanted: readonly CatalogTable[],
  seen: SourceDatabaseFacts['tableParts'],
): Proposal {
  if (publication.allTables || !publication.publishesEverything)
    return replacePublication(of, mark, publication, wanted);
  const parts = wantedParts(of.stream.selection, wanted);
  const sameAsked = sameParts(parts, mark.parts ?? []) && parts.every((part) => isPublishedSo(part, publication, seen));
  const same = sameTables(wanted, publication.tables) && publication.heartbeat === true;
  if (same && sameAsked) return NOTHING;
  return propose([
    sqlChange({
      address: publicationAddress(of),
      action: 'update',
      step: 'publish',
      reason: same
        ? 'it publishes other parts of tables than the environment selects'
        : `it publishes ${publication.tables.length} tables, the environment selects ${wanted.length}`,
      place: of.publisher,
      guards: [],
      afterwards: goingOn(mark.environment, of, wanted),
      statements: [
        {
          text: `ALTER PUBLICATION ${quoteIdent(publication.name)} SET TABLE ${publishedListSql(of, [...wanted, heartbeatTable(of)])}`,
        },
        ...(sameParts(parts, mark.parts ?? []) ? [] : [rememberParts(of, mark, wanted)]),
      ],
    }),
  ]);
}

/** The same list, and a condition that the server takes for the same. */
function isPublishedSo(
  part: TablePart,
  { tables }: PublicationFacts,
  seen: SourceDatabaseFacts['tableParts'] = [],
): boolean {
  const { columns, filter } = partOf(tables, part) ?? {};
  if (!samePart({ columns }, { columns: part.columns })) return false;
  return part.where === undefined || (filter !== undefined && partOf(seen, part)?.published !== false);
}

function publishedListSql(
  { stream }: StreamOf,
  tables: readonly (TableName & Partial<Pick<CatalogTable, 'kind'>>)[],
): string {
  return tables.map((table) => publishedMemberSql(table, wantedPart(stream.selection, table))).join(', ');
}

export function planPublicationDrop(of: StreamFacts): Proposal {
  if (of.mark === null) return NOTHING;
  return propose([
    sqlChange({
      address: publicationAddress(of),
      action: 'delete',
      reason: 'no subscription of this environment reads it any more',
      place: of.publisher,
      guards: [],
      statements: [{ text: `DROP PUBLICATION ${quoteIdent(of.stream.publication)}` }],
    }),
  ]);
}
