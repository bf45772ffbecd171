import type { PublicationFacts } from '../model/observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import type { Published } from '../resources/published';

/** What serves a table whose whole rows and key cannot identify it. */
export const OTHER_IDENTITY =
  'a unique index over NOT NULL columns that are not generated, and make that its replica identity';

export const isGenerated = (fault: CatalogTable['identityFault']): boolean => fault?.includes('generated') === true;

/** Why this server refuses UPDATE and DELETE of a table because of a publication; null: it does not. */
export function refusal(
  { table, uncovered, listed }: Published,
  publication: PublicationFacts,
  versionNum: number,
): string | null {
  const fault = table.identityFault;
  if (isGenerated(fault)) return sendsWhatIsGenerated() ? leftOut() : fault;
  return fault ?? leftOut();

  function leftOut(): string | null {
    return uncovered ? 'columns or rows left out that its identity needs' : null;
  }
  /** As pub_contains_invalid_column in publicationcmds.c of 18; before, nothing looks at generated columns. */
  function sendsWhatIsGenerated(): boolean {
    if (versionNum < 180_000 || (listed && table.replicaIdentity !== 'f')) return true;
    return publication.sendsGenerated === true && !fault!.includes('virtual');
  }
}

/**
 * Gives its rows an identity at once, without reading or rewriting the table: its key where it has one, else whole
 * rows, or an index where its generated columns keep whole rows from being one.
 * @returns null where none of them would do
 */
export function identityStatement(table: CatalogTable): string | null {
  const by = identityOf(table);
  return by === null ? null : `ALTER TABLE ${quoteQualified(table)} REPLICA IDENTITY ${by};`;
}

function identityOf({ keyFault, rowsIdentify, uniqueIndex }: CatalogTable): string | null {
  if (keyFault === null) return 'DEFAULT';
  if (uniqueIndex !== null) return `USING INDEX ${quoteIdent(uniqueIndex)}`;
  return rowsIdentify ? 'FULL' : null;
}
