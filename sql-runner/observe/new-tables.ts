import type { Ask, Reading } from '../connections/reading';
import { arrivingOf } from '../model/added-tables';
import type { NamesakeFacts, NewTableFacts } from '../model/new-tables';
import type { Observation, PublicationFacts, TableName } from '../model/observation';
import type { TablesWanted } from '../model/renewal';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { displayTable, sameTable } from '../model/table-selection';
import { TableTree } from '../model/table-tree';
import { partitionPlaces, type PartitionPlace } from '../postgres/catalog/partition-places';
import { tableDefinitions, type TableDefinition } from '../postgres/catalog/table-definitions';
import {
  copyRights,
  lacking,
  relationsNamed,
  schemasNamed,
  tableNeeds,
  type NamedRelation,
  type Need,
} from '../postgres/catalog/table-needs';
import { lockedTables } from '../postgres/catalog/table-shapes';
import { grantees } from '../resources/added-table/grant-statements';
import { notPublished } from '../resources/selection-moved';
import { newPartsOf } from '../resources/added-table/new-partitions-of';
import { strangersOf } from './observe-roles';
import { leftTablesOf } from './left-tables';

/**
 * The same, with what is to be known of tables that came on the source since the clone was taken: of streams that follow,
 * as only these can take one, and of tables that left one. Nothing is asked where there are none.
 */
export async function withNewTables(
  reading: Reading,
  observation: Observation,
  renewal: TablesWanted | null = null,
): Promise<Observation> {
  const { contracts } = reading;
  const streams = streamFacts(contracts.source, observation).filter(({ state }) => state === 'enabled');
  const found = await Promise.all(
    streams.map(async (of) => [of.stream.subscription, await newTablesOf(reading, observation, of, renewal)] as const),
  );
  const left = await Promise.all(
    streams.map(async (of) => [of.stream.subscription, await leftTablesOf(reading, of)] as const),
  );
  const { source, target } = observation;
  return {
    ...observation,
    source: { ...source, newTables: Object.fromEntries(found) },
    target: target === null ? null : { ...target, leftTables: Object.fromEntries(left) },
  };
}

async function newTablesOf(
  reading: Reading,
  observation: Observation,
  of: StreamFacts,
  renewal: TablesWanted | null,
): Promise<NewTableFacts[]> {
  const { publication, publisher, subscriber, subscriptionMark } = of;
  if (publication === null) return [];
  const tables = observation.source.databases[of.database]?.tables ?? [];
  const tree = new TableTree(tables);
  const coming = notPublished(of, publication, tree).flatMap((table) => [table, ...tree.partsOf(table)]);
  const wanted = once([
    ...coming.flatMap(({ oid, schema, name }) => (oid === undefined ? [] : [{ oid, schema, name }])),
    ...arrivingOf(subscriptionMark),
    ...renewed(publication, renewal),
    ...newPartsOf(of, tree),
  ]);
  if (wanted.length === 0) return [];
  const role = reading.contracts.source.replication.role;
  const there = await reading.at(publisher, (ask) =>
    readSource(
      ask,
      role,
      wanted.map(({ oid }) => oid),
    ),
  );
  const here = await reading.at(subscriber, (ask) => readClone(ask, there));
  const strangers = await strangersOf(reading);
  const taken = observation.target?.databases[of.database]?.taken ?? [];
  return wanted.map(({ oid, schema, name }) => {
    const definition = there.definitions.find((one) => one.oid === oid) ?? null;
    const own = here.relations.find((one) => sameTable(one, { schema, name }));
    const namesake: NamesakeFacts | null =
      own === undefined
        ? null
        : {
            kind: own.kind,
            hasRows: own.hasRows,
            definition: here.definitions.find((one) => one.oid === own.oid) ?? null,
            takenBy: taken.find(({ table }) => table === own.oid)?.subscription ?? null,
          };
    return {
      oid,
      schema,
      name,
      definition,
      rights: there.rights.find((one) => sameTable(one, { schema, name })) ?? null,
      lacking: definition === null ? [] : (here.lacking.get(oid) ?? []),
      strangers: definition === null ? [] : rolesOf(definition).filter((name) => strangers.includes(name)),
      inTheWay:
        definition === null
          ? []
          : partsOf(definition).filter((part) => here.relations.some((one) => sameTable(one, part))),
      hasSchema: here.schemas.includes(schema),
      references: referencesOf(definition, here.relations),
      namesake,
      ...partitionOf({ schema, name }, there.places, here.places),
    };
  });
}

/** Each once: what is on its way may be noted, published, and new at the same time. */
function once<T extends { readonly oid: number }>(tables: readonly T[]): T[] {
  const seen = new Set<number>();
  return tables.filter(({ oid }) => !seen.has(oid) && seen.add(oid));
}

/** Null: it is none on the source. */
function partitionOf(
  table: TableName,
  there: readonly PartitionPlace[],
  here: readonly PartitionPlace[],
): Pick<NewTableFacts, 'partition' | 'strayed'> {
  const [own, now] = [there, here].map((places) => places.find((one) => sameTable(one, table)));
  if (own === undefined) return {};
  if (own.parent === null || own.bound === null) return now?.parent == null ? {} : { strayed: now.parent };
  const { parent, bound } = own;
  const [above, root] = [there, here].map((places) => places.find((one) => sameTable(one, parent)));
  return {
    partition: {
      parent,
      bound,
      here: now?.parent == null || now.bound === null ? null : { parent: now.parent, bound: now.bound },
      parentThere: root !== undefined && root.key !== null && root.key === above?.key,
      hasDefault: root?.hasDefault === true,
    },
  };
}

/** Those that are named to be copied anew. */
const renewed = ({ tables }: PublicationFacts, renewal: TablesWanted | null) =>
  tables.flatMap(({ oid, schema, name }) =>
    oid !== undefined &&
    renewal?.names.some((named) => named === displayTable({ schema, name }) || named === `${schema}.${name}`) === true
      ? [{ oid, schema, name }]
      : [],
  );

const KINDS = ['r', 'p'] as const;

interface OnSource {
  readonly definitions: readonly TableDefinition[];
  readonly needs: readonly (Need & { table: number })[];
  readonly rights: Awaited<ReturnType<typeof copyRights>>;
  readonly names: readonly { schema: string; name: string }[];
  readonly places: readonly PartitionPlace[];
}

async function readSource(ask: Ask, role: string, oids: readonly number[]): Promise<OnSource> {
  const locked = new Set((await ask(lockedTables, oids)).map(({ oid }) => oid));
  const free = oids.filter((oid) => !locked.has(oid));
  const definitions = await unlessLocked(ask(tableDefinitions, free, KINDS));
  const rights = await ask(copyRights, role, oids);
  const own = await ask(partitionPlaces, rights);
  const parents = own.flatMap(({ parent }) => parent ?? []);
  const places = parents.length === 0 ? [] : [...own, ...(await ask(partitionPlaces, parents))];
  return { definitions, needs: await ask(tableNeeds, free), rights, names: rights, places };
}

async function readClone(ask: Ask, { definitions, needs, names, places }: OnSource) {
  const parts = definitions.flatMap((table) => [
    ...partsOf(table),
    ...table.constraints.flatMap(({ referenced }) => referenced ?? []),
  ]);
  const relations = await ask(relationsNamed, [...names, ...parts]);
  const named = relations
    .filter(({ kind }) => kind === 'r' || kind === 'p')
    .filter((one) => names.some((name) => sameTable(name, one)))
    .map(({ oid }) => oid);
  const locked = named.length === 0 ? [] : (await ask(lockedTables, named)).map(({ oid }) => oid);
  const free = named.filter((oid) => !locked.includes(oid));
  const missing = new Map<number, string[]>();
  for (const table of definitions) {
    const own = needs.filter((need) => need.table === table.oid).map(({ kind, name }) => ({ kind, name }));
    missing.set(table.oid, await ask(lacking, own, rolesOf(table)));
  }
  return {
    relations,
    places: await ask(partitionPlaces, places),
    definitions: free.length === 0 ? [] : await unlessLocked(ask(tableDefinitions, free, KINDS)),
    lacking: missing,
    schemas: await ask(schemasNamed, [...new Set(names.map(({ schema }) => schema))]),
  };
}

/** Locked in between: lock_timeout ended it. They are told as not read. */
async function unlessLocked(read: Promise<TableDefinition[]>): Promise<TableDefinition[]> {
  try {
    return await read;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== '55P03') throw cause;
    return [];
  }
}

/** What would have a name of its own beside the table. */
function partsOf({ schema, constraints, indexes, sequences }: TableDefinition): { schema: string; name: string }[] {
  const backed = constraints.filter(({ kind }) => kind === 'p' || kind === 'u' || kind === 'x');
  return [...[...backed, ...indexes].map(({ name }) => ({ schema, name })), ...sequences];
}

const rolesOf = (table: TableDefinition): string[] => [
  ...new Set([
    table.owner,
    ...grantees(table.grants),
    ...table.columns.flatMap(({ grants }) => grantees(grants)),
    ...table.sequences.flatMap(({ grants }) => grantees(grants)),
  ]),
];

/** Itself among them. */
function referencesOf(definition: TableDefinition | null, relations: readonly NamedRelation[]): TableName[] {
  if (definition === null) return [];
  const there = [...relations.filter(({ kind }) => kind === 'r' || kind === 'p'), definition];
  const found = definition.constraints.flatMap(({ referenced }) => referenced ?? []);
  return found.filter((one) => there.some((table) => sameTable(table, one)));
}
