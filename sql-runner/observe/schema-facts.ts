import type { DatabaseFacts, OpenedTable, TableFacts, ViewFacts } from '../drift/facts';
import { displayTable } from '../model/table-selection';
import { functionDefinitions } from '../postgres/catalog/schema-functions';
import {
  collationDefinitions,
  extensionDefinitions,
  schemaDefinitions,
  typeParts,
} from '../postgres/catalog/schema-objects';
import { schemaRelations, tableParts, type SchemaRelation } from '../postgres/catalog/schema-relations';
import { databaseForm, leftOutKinds, roleDefinitions } from '../postgres/catalog/schema-server';
import { viewDefinitions } from '../postgres/catalog/schema-views';
import { tableDefinitions } from '../postgres/catalog/table-definitions';
import { tableDigests, type TableDigest } from '../postgres/catalog/table-digests';
import { lockedTables, tableShapes } from '../postgres/catalog/table-shapes';
import { userTypes } from '../postgres/catalog/user-types';
import type { Session } from '../postgres/session';

/** What was read of one side of a database, and what was not. */
export interface SideFacts {
  readonly facts: DatabaseFacts;
  /** What somebody keeps readers out of. Phrases. */
  readonly unread: readonly string[];
  /** Kinds of objects that are there and not compared. */
  readonly leftOut: readonly { readonly kind: string; readonly count: number }[];
}

/** Ours, or no part of what is compared: see isOurs of actions/schema.ts. */
type IsOurs = (relation: { schema: string; name: string }) => boolean;

/** Tables that are opened with one statement. */
const AT_ONCE = 1_000;

/** Reads all of one side on one session. No lock is held longer than a statement takes. */
export async function readSide(session: Session, isOurs: IsOurs): Promise<SideFacts> {
  const relations = (await schemaRelations(session)).filter((one) => !isOurs(one));
  const tables = relations.filter(({ kind }) => kind === 'r' || kind === 'p');
  const views = relations.filter(({ kind }) => kind === 'v' || kind === 'm');
  const digests = await tableDigests(session);
  const opened = await openTables(session, tables);
  const read = await readViews(session, views);
  const functions = await unlessLocked(functionDefinitions(session));
  const parts = new Map((await typeParts(session)).map((part) => [part.oid, part]));
  const types = await userTypes(session);
  const facts: DatabaseFacts = {
    form: await databaseForm(session),
    schemas: (await schemaDefinitions(session)).filter(({ name }) => !isOurs({ schema: name, name: '' })),
    extensions: await extensionDefinitions(session),
    collations: await collationDefinitions(session),
    types: types.flatMap((type) => {
      const part = parts.get(type.oid);
      return part === undefined ? [] : [{ ...type, part }];
    }),
    functions: functions?.filter((one) => !isOurs(one)) ?? null,
    tables: tableFacts(tables, opened, digests),
    views: views.map((relation) => ({ relation, view: read.get(relation.oid) ?? null })),
    roles: await roleDefinitions(session),
  };
  const shut = [
    ...facts.tables.filter((one) => one.opened === null),
    ...facts.views.filter(({ view }) => view === null),
  ];
  return {
    facts,
    unread: [
      ...shut.map(
        ({ relation }) =>
          `${relation.kind === 'v' || relation.kind === 'm' ? 'view' : 'table'} ${displayTable(relation)}`,
      ),
      ...(functions === null ? ['functions'] : []),
    ],
    leftOut: await leftOutKinds(session),
  };
}

function tableFacts(
  tables: readonly SchemaRelation[],
  opened: ReadonlyMap<number, OpenedTable>,
  digests: readonly TableDigest[],
): TableFacts[] {
  const known = new Map(digests.map((digest) => [digest.oid, digest]));
  return tables.map((relation) => {
    const digest = known.get(relation.oid);
    const parent = digest === undefined || digest.parent === null ? null : (known.get(digest.parent) ?? null);
    return {
      relation,
      opened: opened.get(relation.oid) ?? null,
      parent: parent === null ? null : { schema: parent.schema, name: parent.name },
      bound: digest?.bound ?? null,
      inherits: (digest?.inherits ?? []).flatMap((oid) => {
        const above = known.get(oid);
        return above === undefined ? [] : [{ schema: above.schema, name: above.name }];
      }),
      types: digest?.types ?? [],
    };
  });
}

async function openTables(session: Session, tables: readonly SchemaRelation[]): Promise<Map<number, OpenedTable>> {
  const opened = new Map<number, OpenedTable>();
  for (let at = 0; at < tables.length; at += AT_ONCE) {
    const oids = tables.slice(at, at + AT_ONCE).map(({ oid }) => oid);
    for (const [oid, table] of await openSome(session, oids)) opened.set(oid, table);
  }
  return opened;
}

/** Those that nobody keeps readers out of; asked once more where somebody came in between. */
async function openSome(session: Session, oids: readonly number[], again = true): Promise<[number, OpenedTable][]> {
  const locked = new Set((await lockedTables(session, oids)).map(({ oid }) => oid));
  const free = oids.filter((oid) => !locked.has(oid));
  const read = await unlessLocked(
    Promise.all([tableShapes(session, free), tableDefinitions(session, free, ['r', 'p']), tableParts(session, free)]),
  );
  if (read === null) return again ? openSome(session, free, false) : [];
  const [shapes, definitions, parts] = read;
  const [defined, part] = [byOid(definitions), byOid(parts)];
  return shapes.flatMap((shape): [number, OpenedTable][] => {
    const [definition, own] = [defined.get(shape.oid), part.get(shape.oid)];
    return definition === undefined || own === undefined
      ? []
      : [[shape.oid, { shape, defined: definition, parts: own }]];
  });
}

const byOid = <T extends { readonly oid: number }>(rows: readonly T[]): Map<number, T> =>
  new Map(rows.map((row) => [row.oid, row]));

async function readViews(
  session: Session,
  views: readonly SchemaRelation[],
): Promise<Map<number, NonNullable<ViewFacts['view']>>> {
  const oids = views.map(({ oid }) => oid);
  const all = await unlessLocked(viewDefinitions(session, oids));
  if (all !== null) return byOid(all);
  const found: NonNullable<ViewFacts['view']>[] = [];
  // One is made of a table that somebody has locked: which, only asking tells. Others are read all the same.
  for (const oid of oids.slice(0, 20)) found.push(...((await unlessLocked(viewDefinitions(session, [oid]))) ?? []));
  return byOid(found);
}

/** Null: a lock was not to be had in time. */
async function unlessLocked<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== '55P03') throw cause;
    return null;
  }
}
