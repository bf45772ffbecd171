import type { StreamFacts } from '../model/stream-state';
import type { Address } from '../model/address';
import type { SourceContract } from '../../contract/contract';
import {
  block,
  joinProposals,
  NOTHING,
  propose,
  sqlChange,
  type Finding,
  type Proposal,
  type Refusal,
  type Statement,
} from '../model/change';
import type { PublicationFacts, SourceDatabaseFacts, SourceObservation, TableName } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { heartbeatTable } from './heartbeat';
import { writesGoOn } from './writes-go-on';
import { foreignMark, formatMark, parseMark, type PublicationMark } from '../model/mark';
import { planAltered, planPublicationOwner } from './publication-drift';
import { apartFromSelection } from './selection-moved';
import { sameTables, selectTables } from '../model/table-selection';
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
    ]);
  return joinProposals([
    planPublicationOwner(of, publication),
    planTables(of, mark, publication, selectTables(of.stream.selection, database.tables)),
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
      reason: `${tables.length} tables; it must exist before the slot, or decoding fails`,
      place: of.publisher,
      guards: [],
      afterwards: [writesGoOn(contract.environment, of)],
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
    { text: `CREATE PUBLICATION ${name} FOR TABLE ${tableList([...tables, heartbeatTable(of)])}` },
    { text: `COMMENT ON PUBLICATION ${name} IS ${quoteLiteral(formatMark(mark))}` },
  ];
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
      afterwards: [writesGoOn(mark.environment, of)],
      statements: [{ text: `DROP PUBLICATION ${quoteIdent(publication.name)}` }, ...creation(of, wanted, mark)],
    }),
  ]);
}

function planTables(
  of: StreamOf,
  mark: PublicationMark,
  publication: PublicationFacts,
  wanted: readonly CatalogTable[],
): Proposal {
  if (publication.allTables || !publication.publishesEverything)
    return replacePublication(of, mark, publication, wanted);
  if (sameTables(wanted, publication.tables) && publication.heartbeat === true) return NOTHING;
  return propose([
    sqlChange({
      address: publicationAddress(of),
      action: 'update',
      step: 'publish',
      reason: `it publishes ${publication.tables.length} tables, the environment selects ${wanted.length}`,
      place: of.publisher,
      guards: [],
      afterwards: [writesGoOn(mark.environment, of)],
      statements: [
        {
          text: `ALTER PUBLICATION ${quoteIdent(publication.name)} SET TABLE ${tableList([...wanted, heartbeatTable(of)])}`,
        },
      ],
    }),
  ]);
}

/** ONLY, so that a child that joined since the tables were looked at is not published unseen; partitions always are. */
function tableList(tables: readonly (TableName & Partial<Pick<CatalogTable, 'kind'>>)[]): string {
  return tables.map((table) => `${table.kind === 'root' ? '' : 'ONLY '}${quoteQualified(table)}`).join(', ');
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
