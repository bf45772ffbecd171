import type { SourceContract } from '../../../contract/contract';
import { place } from '../../drift/table-place';
import type { Finding } from '../../model/change';
import type { NewPartitionFacts, NewTableFacts } from '../../model/new-tables';
import type { SourceDatabaseFacts, SourceObservation } from '../../model/observation';
import type { StreamFacts } from '../../model/stream-state';
import { displayTable, sameTable } from '../../model/table-selection';
import { SENDER_SEES_ATTACH } from '../sender-sees-attach';
import type { Doubt } from './doubt';
import { doubtAsTable } from './new-table';

type CatalogTable = SourceDatabaseFacts['tables'][number];

/**
 * Why a partition that is published with its table already cannot be made on the clone and copied; none: it can. Whatever
 * is the matter with it, production goes on: what is told here is about the clone alone.
 */
export function refusedNewPartition(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  table: CatalogTable,
  facts: NewTableFacts | undefined,
): Finding[] {
  const { environment } = contract;
  const doubt = doubtAsPartition(contract, source, of, table, facts);
  if (doubt === null) return [];
  return [
    {
      code: 'NEW_TABLE_NOT_ADDED',
      severity: 'warn',
      seen: `table ${displayTable(table)} in database ${of.database} became a partition on the source since the clone was taken, and is not added: ${doubt.seen}`,
      why: doubt.why,
      next: `${doubt.next}, then sql-runner apply ${environment}; by hand, as sql-runner doctor ${environment} prints it`,
    },
  ];
}

const IT_STOPS = 'the stream stops at the first change of it, or skips them where the clone has the table';

/** Of a partition of a table that is new as well nothing is published yet, and what cannot be added stops nothing. */
export function doubtAsPartition(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  table: CatalogTable,
  facts: NewTableFacts | undefined,
): Doubt | null {
  if (table.extension !== null)
    return {
      seen: `it belongs to extension ${table.extension.name}`,
      why: `the extension makes it; ${IT_STOPS}`,
      next: 'make it on the clone as the extension does there',
    };
  // It may have been dropped, or taken out of its table, since the publication was read.
  if (facts !== undefined && facts.definition !== null && facts.partition === undefined)
    return {
      seen: 'it is being detached, or was just now',
      why: 'what is no partition any more is not sent with the table above it',
      next: 'wait until that has ended',
    };
  const { rights } = facts ?? {};
  const isReadable = rights != null && rights.usage && rights.select;
  if (!table.mayPublish && rights != null && !(isReadable && source.server.versionNum >= SENDER_SEES_ATTACH))
    return {
      seen: `${table.owner} owns it, and ${source.login} does not have the rights of that role`,
      why: `its copy reads it as ${contract.replication.role}, which cannot be allowed to, and before PostgreSQL 15 its sender may have to be told of it; ${IT_STOPS}`,
      next: `let ${source.login} become a member of that role, or from PostgreSQL 15 on let that role allow ${contract.replication.role} to read it`,
    };
  return (
    ofPlace(facts?.partition) ??
    doubtAsTable(contract, source, of, facts, (definition) => ({ ...definition, inherits: false })) ??
    ofNamesake(facts!)
  );
}

function ofPlace(own: NewPartitionFacts | undefined): Doubt | null {
  if (own === undefined || own.parentThere) return null;
  return {
    seen: `the clone lacks ${displayTable(own.parent)}, which it is a partition of, or has it partitioned otherwise`,
    why: `a partition can be made where its table is; ${IT_STOPS}`,
    next: `make ${displayTable(own.parent)} on the clone as on the source (pg_dump --schema-only shows how)`,
  };
}

/** A table of its name that stands alone takes its place; another place is somebody's own doing. */
function ofNamesake({ schema, name, namesake, partition: own }: NewTableFacts): Doubt | null {
  if (namesake === null || own === undefined || own.here === null || isPlaced(own)) return null;
  const here = place({ relation: { schema, name }, ...own.here, inherits: [] });
  return {
    seen: `on the clone it is ${here}`,
    why: `its rows would show in another table there, or be refused; ${IT_STOPS}`,
    next: 'drop that table on the clone, where nobody needs its rows',
  };
}

/** Whether the clone has it where it belongs. */
export const isPlaced = ({ here, parent, bound }: NewPartitionFacts): boolean =>
  here !== null && sameTable(here.parent, parent) && here.bound === bound;
