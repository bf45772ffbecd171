import type { SourceContract } from '../../../contract/contract';
import { isPart } from '../../../contract/row-filter';
import type { Finding } from '../../model/change';
import type { NewTableFacts } from '../../model/new-tables';
import type { SourceDatabaseFacts, SourceObservation } from '../../model/observation';
import { publicationMark, type StreamFacts } from '../../model/stream-state';
import { newClone } from '../../model/streams';
import { partOf, wantedPart } from '../../model/table-parts';
import { displayTable } from '../../model/table-selection';
import { TableTree } from '../../model/table-tree';
import { someOf } from '../../resources/some-of';
import { UNTIL_THEN, type Doubt } from './doubt';
import { ofNamesake, ofStrayed } from './namesake';
import type { SelectedAgain } from './selected-again';
import { identityMissing, ownershipMissing } from './selected-tables';

type CatalogTable = SourceDatabaseFacts['tables'][number];
type TableDefinition = NonNullable<NewTableFacts['definition']>;

/**
 * Why a table cannot be added to a stream that follows; none: it can. What production would suffer by comes first: once
 * it is published without an identity, UPDATE and DELETE of it are refused there.
 */
export function refusedNewTable(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  table: CatalogTable,
  facts: NewTableFacts | undefined,
  again: Pick<SelectedAgain, 'since'> | null = null,
): Finding[] {
  const warn = (finding: Finding): Finding => {
    const { stops: _, ...rest } = finding;
    return { ...rest, severity: 'warn' };
  };
  const gates = [
    ...(table.mayPublish ? [] : ownershipMissing(contract, of, source, [table])),
    ...(table.identityFault === null ? [] : [identityMissing(of, table)]),
  ];
  if (gates.length > 0) return gates.map(warn);
  const doubt = doubtOf(contract, source, of, table, facts);
  if (doubt === null) return [];
  const how =
    again === null ? 'came on the source since the clone was taken' : `left at ${again.since} and is selected again`;
  const where = `table ${displayTable(table)} in database ${of.database} ${how}, and is not added`;
  return [
    {
      code: 'NEW_TABLE_NOT_ADDED',
      severity: 'warn',
      seen: `${where}: ${doubt.seen}`,
      why: doubt.why,
      next: `${doubt.next}, then sql-runner apply ${contract.environment}; it is part of the next clone as well`,
    },
  ];
}

function doubtOf(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  table: CatalogTable,
  facts: NewTableFacts | undefined,
): Doubt | null {
  const tree = new TableTree(source.databases[of.database]?.tables ?? []);
  return (
    ofItsKind(tree, table) ?? ofPart(contract, of, table) ?? ofSource(contract, source, of, facts) ?? ofClone(facts!)
  );
}

/** As of any new table, beside its kind and its place. @param as what is to be judged of how the source defines it */
export function doubtAsTable(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  facts: NewTableFacts | undefined,
  as: (definition: TableDefinition) => TableDefinition,
): Doubt | null {
  const known = facts?.definition == null ? facts : { ...facts, definition: as(facts.definition) };
  return ofSource(contract, source, of, known) ?? ofClone(known!);
}

/**
 * Why a table cannot be copied anew; none: it can. What it has on the clone goes, and it takes part in its stream there
 * already, or did until a run of before took it out.
 */
export function refusedRenewal(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  { table, selected }: { readonly table: CatalogTable; readonly selected: boolean },
  facts: NewTableFacts | undefined,
): Finding[] {
  const known =
    facts?.namesake == null ? facts : { ...facts, namesake: { ...facts.namesake, hasRows: false, takenBy: null } };
  const rights = table.mayPublish ? [] : ownershipMissing(contract, of, source, [table]);
  const doubt = selected ? doubtOf(contract, source, of, table, known) : LEFT_OUT;
  const { environment } = contract;
  if (doubt === null || rights.length > 0) return rights;
  return [
    {
      code: 'TABLE_NOT_RENEWED',
      severity: 'block',
      seen: `table ${displayTable(table)} in database ${of.database} is not copied anew: ${doubt.seen}`,
      why: 'it would be empty on the clone without a copy that ends; it is left as it is',
      next: `${doubt.next}, then run the same command again; sql-runner verify ${environment} shows its rows`,
    },
  ];
}

const LEFT_OUT: Doubt = {
  seen: 'the environment does not select it any more, and would not publish it again',
  why: '',
  next: 'name it in databases[].tables of the environment file',
};

function ofItsKind(tree: TableTree, table: CatalogTable): Doubt | null {
  const alone = table.kind === 'table' && !table.partition && table.parents.length === 0;
  if (!alone || tree.children(table).length > 0)
    return {
      seen: 'it is partitioned, a partition, or inherits from another one',
      why: `only a table that stands alone is made and copied by itself; ${UNTIL_THEN}`,
      next: 'make it of tables that stand alone',
    };
  return ofExtension(table);
}

/** Its part would be sent, and is compared, otherwise than a whole table is. */
function ofPart(contract: SourceContract, of: StreamFacts, table: CatalogTable): Doubt | null {
  const inPart = isPart(wantedPart(of.stream.selection, table)) || partOf(of.mark?.parts ?? [], table) !== undefined;
  if (!inPart) return null;
  return {
    seen: 'only a part of it is replicated, by where or columns of the environment file',
    why: `a part of a table begins with a clone alone; ${UNTIL_THEN}`,
    next: `${newClone(contract)}; or, for the whole table, take where and columns of it out of the environment file`,
  };
}

export function ofExtension(table: CatalogTable): Doubt | null {
  if (table.extension !== null)
    return {
      seen: `it belongs to extension ${table.extension.name}`,
      why: `the extension makes it; ${UNTIL_THEN}`,
      next: 'leave it out of databases[].tables of the environment file',
    };
  return null;
}

function ofSource(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  facts: NewTableFacts | undefined,
): Doubt | null {
  if (facts === undefined || facts.definition === null)
    return {
      seen: 'somebody has a lock on it that keeps readers out, or it was dropped just now',
      why: `how it is defined could not be read; ${UNTIL_THEN}`,
      next: 'wait until that transaction has ended',
    };
  if (facts.rights?.seesAll !== true)
    return {
      seen: 'it has row level security, which hides rows from the replication role',
      why: 'the copy would leave out rows without a word (manual, "Logical Replication: Security")',
      next: 'where it may be copied whole, let a superuser give the replication role BYPASSRLS',
    };
  const odd = oddity(facts.definition);
  if (odd !== null)
    return {
      seen: odd,
      why: `a table of another kind would be made of it; ${UNTIL_THEN}`,
      next: 'make it an ordinary table',
    };
  const other = source.databases[of.database]!.publications.find(
    (one) =>
      one.name !== of.stream.publication &&
      publicationMark(contract, one) !== null &&
      one.tables.some(({ oid }) => oid === facts.oid),
  );
  if (other !== undefined)
    return {
      seen: `publication ${other.name} of another stream sends it already`,
      why: 'each change of it would arrive twice',
      next: 'let that stream go on with it: select it there in the environment file',
    };
  if (source.server.maxReplicationSlots <= source.slots.length)
    return {
      seen: `all ${source.server.maxReplicationSlots} replication slots of the source are in use`,
      why: `the copy of a table takes one for as long as it lasts; ${UNTIL_THEN}`,
      next: 'give up a slot that nobody needs',
    };
  return null;
}

function oddity({ accessMethod, typed, inherits }: TableDefinition): string | null {
  if (typed) return 'it is made of a type (CREATE TABLE … OF)';
  if (inherits) return 'it inherits from another one, or another one from it';
  return accessMethod === 'heap' ? null : `its access method is ${accessMethod}`;
}

function ofClone({ definition, lacking, strangers = [], inTheWay, namesake, strayed }: NewTableFacts): Doubt | null {
  if (namesake !== null) return ofNamesake(definition!, namesake) ?? ofStrayed(strayed);
  if (lacking.length > 0)
    return {
      seen: `the clone lacks ${someOf(lacking)}, which it needs`,
      why: `DDL is not replicated; ${UNTIL_THEN}`,
      next: `make ${lacking.length === 1 ? 'it' : 'them'} on the clone as on the source (pg_dump --schema-only shows how)`,
    };
  if (strangers.length > 0)
    return {
      seen: `it belongs or is granted to ${someOf(strangers)}, and whether the clone's of that name is the same is not known`,
      why: `the table would be given to it by name; ${UNTIL_THEN}`,
      next: 'where the role is the same, comment it on the clone as docs/roles.md shows; where not, make the table there, empty, with the rights that it is to have',
    };
  if (inTheWay.length > 0)
    return {
      seen: `the clone has another relation of the name ${inTheWay.map(displayTable).join(', ')}, which an index or a sequence of it has`,
      why: `the table could not be made on the clone as it is on the source; ${UNTIL_THEN}`,
      next: 'rename or drop that on the clone',
    };
  return null;
}
