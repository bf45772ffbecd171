import type { SourceContract } from '../../contract/contract';
import { pairsOf, shapePairs, type DigestPair } from '../drift/shape-pairs';
import { streamsOf, isHeartbeat } from '../model/streams';
import type { DatabaseShapes, SourceDatabaseSurvey, Survey, TargetDatabaseSurvey, UnreadTable } from '../model/survey';
import { indexStates } from '../postgres/catalog/invalid-indexes';
import type { TableDigest } from '../postgres/catalog/table-digests';
import { lockedTables, tableShapes, type TableShape } from '../postgres/catalog/table-shapes';
import type { UserType } from '../postgres/catalog/user-types';
import type { Ask, Reading } from '../connections/reading';

/** How one database is asked on either side. */
interface BothSides {
  readonly source: Ask;
  readonly target: Ask;
}

/** What tells which definitions may differ. */
interface ToCompare {
  readonly production: Pick<SourceDatabaseSurvey, 'sent' | 'definitions' | 'types'>;
  readonly clone: Pick<TargetDatabaseSurvey, 'definitions' | 'types' | 'invalidIndexes'>;
}

/** The definitions of all tables that may differ between both sides. Comes after the surveys. */
export async function surveyShapes(
  reading: Reading,
  { source, target }: Pick<Survey, 'source' | 'target'>,
): Promise<Record<string, DatabaseShapes>> {
  const contract = reading.contracts.source;
  const shapes = contract.links.map(async ({ database }) => {
    const [production, clone] = [source?.databases[database], target?.databases[database]];
    if (production === undefined || clone === undefined) return [];
    const sides: BothSides = {
      source: (reader, ...args) => reading.ask({ side: 'source', database }, reader, ...args),
      target: (reader, ...args) => reading.ask({ side: 'target', database }, reader, ...args),
    };
    return [[database, await databaseShapes(contract, database, { production, clone }, sides)] as const];
  });
  return Object.fromEntries((await Promise.all(shapes)).flat());
}

export async function databaseShapes(
  contract: SourceContract,
  database: string,
  { production, clone }: ToCompare,
  sides: BothSides,
): Promise<DatabaseShapes> {
  const publications = streamsOf(contract).map(({ stream }) => stream.publication);
  // Of a heartbeat it is known how it has to be, on either side: see resources/altered-heartbeat.ts.
  const sent = production.sent.filter(
    (table) => publications.includes(table.publication) && !isHeartbeat(contract, database, table),
  );
  const pairs = pairsOf(sent, production.definitions, clone.definitions);
  const differing = pairs.filter(({ there, here }) => there.digest !== here.digest);
  const half = clone.invalidIndexes.map(({ oid }) => oid);
  const [there, here] = await Promise.all([
    readSide(
      'source',
      sides.source,
      differing.map((pair) => pair.there),
    ),
    readSide(
      'clone',
      sides.target,
      differing.map((pair) => pair.here),
    ),
  ]);
  return {
    pairs: shapePairs(database, differing, { source: there.shapes, target: here.shapes }),
    unread: [...there.unread, ...here.unread],
    usedTypes: usedTypes(pairs, production.types),
    typesOnClone: clone.types,
    indexesThere: half.length === 0 ? [] : await sides.source(indexStates, half),
  };
}

interface SideShapes {
  readonly shapes: readonly TableShape[];
  readonly unread: readonly UnreadTable[];
}

/** A table that is being altered is left out and named, instead of waiting for whoever alters it. */
async function readSide(side: 'source' | 'clone', ask: Ask, tables: readonly TableDigest[]): Promise<SideShapes> {
  if (tables.length === 0) return { shapes: [], unread: [] };
  const oids = tables.map(({ oid }) => oid);
  const locks = await ask(lockedTables, oids);
  const locked = new Map(locks.map(({ oid, pid }) => [oid, pid]));
  const unread = (table: TableDigest): UnreadTable => ({
    schema: table.schema,
    name: table.name,
    side,
    pid: locked.get(table.oid) ?? null,
  });
  const free = oids.filter((oid) => !locked.has(oid));
  try {
    const shapes = await ask(tableShapes, free);
    return { shapes, unread: tables.filter(({ oid }) => locked.has(oid)).map(unread) };
  } catch (cause) {
    // Locked in between: lock_timeout ended it.
    if ((cause as { code?: unknown }).code !== '55P03') throw cause;
    return { shapes: [], unread: tables.map(unread) };
  }
}

/** With what they are made of: elements, base types, attributes. */
function usedTypes(pairs: readonly DigestPair[], types: readonly UserType[]): UserType[] {
  const known = new Map(types.flatMap((type) => [type.oid, ...type.arrays].map((oid) => [oid, type])));
  const used = new Set<UserType>();
  const waiting = pairs.flatMap(({ there }) => [...there.types]);
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    const type = known.get(oid);
    if (type === undefined || used.has(type)) continue;
    used.add(type);
    waiting.push(...type.uses);
  }
  return types.filter((type) => used.has(type));
}
