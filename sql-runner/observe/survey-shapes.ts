import type { SourceContract } from '../../contract/contract';
import { pairsOf, shapePairs, type DigestPair } from '../checks/shape-pairs';
import { streamsOf, isHeartbeat } from '../model/streams';
import type { DatabaseShapes, SourceDatabaseSurvey, Survey, TargetDatabaseSurvey, UnreadTable } from '../model/survey';
import { indexStates } from '../postgres/catalog/invalid-indexes';
import type { TableDigest } from '../postgres/catalog/table-digests';
import { lockedTables, tableShapes, type TableShape } from '../postgres/catalog/table-shapes';
import type { UserType } from '../postgres/catalog/user-types';
import type { Session } from '../postgres/session';
import type { Connections } from '../connections/connections';

/** Lends a session of one side; asked only when there is something to read. */
type Lender = <T>(read: (session: Session) => Promise<T>) => Promise<T>;

interface BothSides {
  readonly source: Lender;
  readonly target: Lender;
}

/** The definitions of all tables that may differ between both sides. Comes after the surveys. */
export async function surveyShapes(
  connections: Connections,
  { source, target }: Pick<Survey, 'source' | 'target'>,
): Promise<Record<string, DatabaseShapes>> {
  const contract = connections.contracts.source;
  const shapes = contract.links.map(async ({ database }) => {
    const [production, clone] = [source?.databases[database], target?.databases[database]];
    if (production === undefined || clone === undefined) return [];
    const sides: BothSides = {
      source: (read) => connections.use({ side: 'source', database }, read),
      target: (read) => connections.use({ side: 'target', database }, read),
    };
    return [[database, await databaseShapes(contract, database, { production, clone }, sides)] as const];
  });
  return Object.fromEntries((await Promise.all(shapes)).flat());
}

export async function databaseShapes(
  contract: SourceContract,
  database: string,
  { production, clone }: { production: SourceDatabaseSurvey; clone: TargetDatabaseSurvey },
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
    indexesThere: half.length === 0 ? [] : await sides.source((session) => indexStates(session, half)),
  };
}

interface SideShapes {
  readonly shapes: readonly TableShape[];
  readonly unread: readonly UnreadTable[];
}

/** A table that is being altered is left out and named, instead of waiting for whoever alters it. */
async function readSide(side: 'source' | 'clone', lend: Lender, tables: readonly TableDigest[]): Promise<SideShapes> {
  if (tables.length === 0) return { shapes: [], unread: [] };
  const oids = tables.map(({ oid }) => oid);
  const locks = await lend((session) => lockedTables(session, oids));
  const locked = new Map(locks.map(({ oid, pid }) => [oid, pid]));
  const unread = (table: TableDigest): UnreadTable => ({
    schema: table.schema,
    name: table.name,
    side,
    pid: locked.get(table.oid) ?? null,
  });
  const free = oids.filter((oid) => !locked.has(oid));
  try {
    const shapes = await lend((session) => tableShapes(session, free));
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
