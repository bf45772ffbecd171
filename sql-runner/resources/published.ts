import type { PublicationFacts, TableName } from '../model/observation';
import type { PublishedRows } from '../postgres/catalog/published-rows';
import type { CatalogTable } from '../postgres/catalog/tables';
import { tableKey } from '../model/table-index';
import type { TableTree } from '../model/table-tree';

/** A table that keeps rows and is published; what is foreign or unlogged the server lists, and sends nothing of. */
export interface Published {
  readonly table: CatalogTable;
  /** Its part of the publication leaves out what identifies its rows. */
  readonly uncovered: boolean;
  /** That part has a column list. */
  readonly listed: boolean;
  /** The table by which the publication has it: itself, or the partitioned one above; null where it is not named. */
  readonly named: TableName | null;
}

/**
 * What a publication publishes, as the server has it: partitions of named
 * tables and schemas at any depth, wherever they are; inheritance children only
 * where they are named themselves (publicationcmds.c expands FOR TABLE once,
 * when it is said, and a child that joins later is not added).
 */
export function publishedBy(publication: PublicationFacts, tree: TableTree): Published[] {
  const found = new Map<string, Published>();
  for (const member of membersOf(publication, tree))
    for (const leaf of tree.leaves(member.table)) found.set(tableKey(leaf), { ...member, table: leaf });
  return [...found.values()];
}

/**
 * Whether all that it sends is seen to have an identity that nothing it leaves out is part of: then the server refuses
 * no write because of it. Where not, publishedBy() tells of which.
 */
export function isSafeToWrite(publication: PublicationFacts): boolean {
  const sent = rowsOf(publication);
  return (
    sent !== null && sent.every(({ identified }) => identified) && publication.tables.every((one) => !one.uncovered)
  );
}

/** The tables that it sends, in order, as displayTable() shows them; null where its rows do not tell. */
export function sentBy(publication: PublicationFacts): readonly string[] | null {
  const sent = publication.publishesEverything ? rowsOf(publication) : null;
  if (sent === null) return null;
  return sent
    .filter(({ known, unlogged }) => known !== null && !unlogged)
    .map(({ name }) => name)
    .sort();
}

/** They are read of what has a mark, and of nothing else. */
function rowsOf({ comment, rows, tables }: PublicationFacts): readonly PublishedRows[] | null {
  const all = Object.values(rows?.tables ?? {});
  return comment === null || (all.length === 0 && tables.length > 0) ? null : all;
}

/** What it names, by table, by schema or by FOR ALL TABLES: partitioned tables as such. */
export function membersOf(publication: PublicationFacts, tree: TableTree): Published[] {
  const schemas = new Set(publication.schemas);
  const wholly = tree.tables.filter(
    (table) => isPublishable(table) && (publication.allTables || schemas.has(table.schema)),
  );
  const named = publication.tables.flatMap((one) => {
    const table = tree.find(one);
    return table === undefined
      ? []
      : [{ table, uncovered: one.uncovered === true, listed: one.listed === true, named: one }];
  });
  // FOR ALL TABLES and schemas leave out whole rows and columns of nothing, and what is not in WAL.
  return [...wholly.map((table) => ({ ...WHOLE, table })), ...named];
}

const WHOLE = { uncovered: false, listed: false, named: null } as const;

/** As is_publishable_class in pg_publication.c. */
const isPublishable = ({ kind, persistence }: CatalogTable): boolean =>
  kind !== 'foreign' && persistence === 'permanent';

/** Of which changes are sent: those that keep rows here, in WAL. */
export const sendsRows = ({ kind, persistence }: CatalogTable): boolean =>
  kind === 'table' && persistence === 'permanent';
