import type { SourceContract } from '../../contract/contract';
import { describePart } from '../../contract/row-filter';
import { block, NOTHING, propose, sqlChange, type Proposal } from '../model/change';
import type { PublicationFacts, PublishedTableFacts, SourceDatabaseFacts } from '../model/observation';
import { quoteIdent } from '../postgres/text/quoting';
import { tableKey } from '../model/table-index';
import { partOf } from '../model/table-parts';
import { displayTable } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import { type StreamOf, newClone } from '../model/streams';

/**
 * A publication that is not as the clone inherited it. It is not put back: a slot decodes by the publication as it was
 * at the time, so what was not sent stays missing. That it was otherwise and is no longer: see publication-rows.ts.
 * @param database its tables are asked for only where one has left the publication
 */
export function planAltered(
  contract: SourceContract,
  of: StreamOf,
  publication: PublicationFacts,
  inherited: PublicationFacts | null,
  database: Pick<SourceDatabaseFacts, 'tables'>,
): Proposal {
  const differences = differencesOf(publication, inherited, database);
  if (differences.length === 0) return NOTHING;
  return block({
    code: 'PUBLICATION_ALTERED',
    seen: `publication ${publication.name} in database ${of.database} is not as the clone inherited it: ${differences.join(', ')}`,
    why: 'changes that are made while it is so never reach the clone, also once it is put back',
    next: newClone(contract),
    stops: ['publish', 'slot', 'ticket', 'connect'],
  });
}

function differencesOf(
  publication: PublicationFacts,
  inherited: PublicationFacts | null,
  database: Pick<SourceDatabaseFacts, 'tables'>,
): string[] {
  const own = leftOutBy(publication);
  if (inherited === null) return own;
  const before = leftOutBy(inherited).map((what) => `when the clone was taken ${what}`);
  return [
    ...own,
    ...before,
    ...tablesMoved(publication, inherited, database),
    ...partsChanged(publication, inherited),
    ...heartbeatMoved(publication, inherited),
  ];
}

/** In words; never empty where it does not publish everything. */
function leftOutBy({ allTables, publishesEverything, altered }: PublicationFacts): string[] {
  const all = allTables ? ['it publishes all tables of the database, whatever their names'] : [];
  const told = [...all, ...(altered ?? [])];
  return told.length === 0 && !publishesEverything ? ['it leaves something out'] : told;
}

function tablesMoved(
  publication: PublicationFacts,
  inherited: PublicationFacts,
  database: Pick<SourceDatabaseFacts, 'tables'>,
): string[] {
  const before = new Set(inherited.tables.map(keyOf));
  // A table that was dropped on the clone has left the clone's copy, as one that was never in it.
  const joined = publication.tables
    .filter((table) => !before.has(keyOf(table)))
    .map((table) => `${displayTable(table)} joined, or is not on the clone any more`);
  const left = tablesLeft(publication, inherited);
  if (left.length === 0) return joined;
  // A table that was dropped leaves every publication with it.
  const tree = new TableTree(database.tables);
  const oids = new Set(database.tables.map(({ oid }) => oid));
  // Of one that was added since, the clone's copy says nothing that would go with it: another one may have its name.
  const isThere = (table: PublishedTableFacts) =>
    table.added === true ? oids.has(table.oid) : tree.find(table) !== undefined;
  return [...joined, ...left.filter(isThere).map((table) => `${displayTable(table)} left`)];
}

/** Both have one, or own and before have told of it. */
function partsChanged(publication: PublicationFacts, inherited: PublicationFacts): string[] {
  return publication.tables.flatMap((table) => {
    const before = partOf(inherited.tables, table);
    if (before?.form === table.form || before?.form === undefined || table.form === undefined) return [];
    return [`of ${displayTable(table)} it sends ${sentOf(table)} instead of ${sentOf(before)}`];
  });
}

const sentOf = ({ filter, columns }: PublishedTableFacts): string =>
  describePart({ where: filter, columns }) || 'the whole';

/** What the clone's copy names, and the publication does not. */
export function tablesLeft(
  publication: Pick<PublicationFacts, 'tables'>,
  inherited: Pick<PublicationFacts, 'tables'>,
): PublishedTableFacts[] {
  const now = new Set(publication.tables.map(keyOf));
  return inherited.tables.filter((table) => !now.has(keyOf(table)));
}

/** A table that was renamed on one side is sent as before. */
const keyOf = (table: PublishedTableFacts): string => (table.oid === undefined ? tableKey(table) : String(table.oid));

function heartbeatMoved(publication: PublicationFacts, inherited: PublicationFacts): string[] {
  const [now, before] = [publication.heartbeat === true, inherited.heartbeat === true];
  return now === before
    ? []
    : [now ? 'the heartbeat is in it, and not in the copy of the clone' : 'the heartbeat left'];
}

/** Whoever owns it may alter and drop it. Nothing is lost by that yet, so it is put back. */
export function planPublicationOwner(of: StreamOf, { name, foreignOwner }: PublicationFacts): Proposal {
  if (foreignOwner === undefined) return NOTHING;
  const { owner, login, mayAlter } = foreignOwner;
  if (mayAlter)
    return propose([
      sqlChange({
        address: { ...of.publisher, kind: 'publication-owner', name },
        action: 'update',
        reason: `it was altered: owner is ${owner} instead of ${login}`,
        place: of.publisher,
        guards: [],
        statements: [{ text: `ALTER PUBLICATION ${quoteIdent(name)} OWNER TO ${quoteIdent(login)}` }],
      }),
    ]);
  return propose(
    [],
    [
      {
        code: 'PUBLICATION_NOT_OWNED',
        severity: 'block',
        standing: true,
        seen: `publication ${name} in database ${of.database} was altered: owner is ${owner} instead of ${login}, who may not alter it`,
        why: 'that role may change what is sent to the clone, and a reset or a teardown could not drop it',
        next: `as a superuser, or as a role that has the rights of both, in database ${of.database} on the source: ALTER PUBLICATION ${quoteIdent(name)} OWNER TO ${quoteIdent(login)};`,
      },
    ],
  );
}
