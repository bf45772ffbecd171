import { createHash } from 'node:crypto';
import type { PublicationFacts } from '../model/observation';
import type { PublicationRows } from '../postgres/catalog/publications';
import type { PublishedRows } from '../postgres/catalog/published-rows';
import { alteredTypes } from './altered-types';
import { lentNames, type Alteration } from './lent-names';

/**
 * What of the source's publication was altered since the clone was taken, even
 * if it was put back, and where rows may have changed without being sent. The
 * clone is a physical copy, so a row of the catalog that nobody touched has the
 * same oid and xmin on both sides (freezing leaves xmin in place: htup_details.h,
 * HEAP_XMIN_FROZEN); a row that was written again has others. COMMENT ON
 * PUBLICATION touches neither.
 *
 * Tables that left are for the comparison of the lists: a dropped one takes its
 * row along.
 * @param compared alterations that the rows were compared under since, as they are remembered: these are left out
 */
export function alteredSince(
  source: PublicationFacts | null,
  inherited: PublicationFacts | null,
  compared: readonly string[] = [],
): string[] {
  return alterations(source?.rows, inherited?.rows)
    .filter(({ state }) => !compared.includes(shortDigest(state)))
    .map(({ what }) => what);
}

/** A mark is the comment of a subscription, and is read with every look. */
const REMEMBERED = 50;

/** What the rows are compared under, to be told from what comes later; undefined: none, or too many to be remembered. */
export function rememberedAlterations(
  source: PublicationRows | undefined,
  inherited: PublicationRows | undefined,
): string[] | undefined {
  const all = alterations(source, inherited);
  return all.length === 0 || all.length > REMEMBERED ? undefined : all.map(({ state }) => shortDigest(state));
}

const shortDigest = (state: string): string => createHash('sha256').update(state).digest('hex').slice(0, 8);

/** As alteredSince, only what the publication sends or leaves out, and not what became of rows by ALTER TABLE. */
export function resentSince(source: PublicationFacts | null, inherited: PublicationFacts | null): string[] {
  const [now, then] = [source?.rows, inherited?.rows];
  return now === undefined || then === undefined ? [] : sending(now, then).map(({ what }) => what);
}

/**
 * What is published and unlogged on one side only: a change there is not sent, and a crash there leaves no row. As
 * `public.orders_1 on the source`.
 */
export function unloggedOnOneSide(source: PublicationFacts | null, inherited: PublicationFacts | null): string[] {
  return Object.entries(source?.rows?.tables ?? {}).flatMap(([oid, { name, unlogged, stored }]) => {
    const here = inherited?.rows?.tables[oid];
    // Of one made since, whether it ever was logged, its first file tells.
    const onClone = here === undefined ? unlogged && stored === oid : here.unlogged;
    return unlogged === onClone ? [] : [`${name} on the ${unlogged ? 'source' : 'clone'}`];
  });
}

/** As 32 hexadecimal digits, to be remembered: which alterations the rows were compared under. */
export function digestOf(source: PublicationRows | undefined, inherited: PublicationRows | undefined): string {
  const all = alterations(source, inherited).map(({ state }) => state);
  return createHash('sha256').update(all.sort().join('\n')).digest('hex').slice(0, 32);
}

function alterations(source: PublicationRows | undefined, inherited: PublicationRows | undefined): Alteration[] {
  if (source === undefined || inherited === undefined) return [];
  const rewritten = Object.entries(source.tables).flatMap(([oid, table]) =>
    becameOf(oid, table, inherited.tables[oid]),
  );
  return [
    ...madeAgain(source, inherited),
    ...sending(source, inherited),
    ...rewritten,
    ...lentNames(source, inherited),
    ...alteredTypes(source, inherited),
  ];
}

/** A partition that was outside of the tree was not sent meanwhile, whether it was published on its own or not. */
function sending(source: PublicationRows, inherited: PublicationRows): Alteration[] {
  const members = new Set(Object.values(inherited.members));
  const joined = new Set(Object.values(inherited.tables).map((table) => table.joined));
  return [
    ...(source.self === inherited.self ? [] : [{ what: 'the publication itself', state: source.self }]),
    ...Object.entries(source.members)
      .filter(([, row]) => !members.has(row))
      .map(([what, row]) => ({ what, state: `${what} ${row}` })),
    ...Object.values(source.tables).flatMap((table) =>
      table.joined === null || joined.has(table.joined)
        ? []
        : [{ what: `${table.name} (attached)`, state: table.joined }],
    ),
  ];
}

/**
 * A partition that was dropped on the source, and another one made under its name: the worker goes by the name, and writes
 * rows of the new one beside those that the old one has on the clone. DROP is not sent.
 */
function madeAgain(
  source: PublicationRows,
  inherited: PublicationRows,
): (Alteration & { readonly oids: [number, number] })[] {
  const here = new Map(Object.entries(inherited.tables).map(([oid, { name }]) => [name, oid]));
  return Object.entries(source.tables).flatMap(([oid, { name, indirect }]) => {
    const other = here.get(name);
    const isNew = indirect && inherited.tables[oid] === undefined && other !== undefined;
    if (!isNew || source.tables[other] !== undefined) return [];
    const what = `${name} (dropped, and made again under its name)`;
    return [{ what, state: `${oid} instead of ${other}`, oids: [Number(oid), Number(other)] }];
  });
}

/** By oid on the source, that of the one before. */
export function partitionsMadeAgain(
  source: PublicationFacts | null,
  inherited: PublicationFacts | null,
): Map<number, number> {
  const [now, then] = [source?.rows, inherited?.rows];
  return new Map(now === undefined || then === undefined ? [] : madeAgain(now, then).map(({ oids }) => oids));
}

/**
 * ALTER TABLE writes rows anew (USING, a volatile default) and renames columns, and sends neither. VACUUM FULL, CLUSTER
 * and TRUNCATE make a new file too, but leave the columns' definitions alone.
 *
 * Where whole rows identify a row, the apply worker looks for one with NULL in each column that production did not send
 * (slot_store_data in worker.c): as long as the clone alone had the column, with a value in its old rows, it found none
 * and said nothing. Which side had it first, nothing shows afterwards.
 */
function becameOf(oid: string, now: PublishedRows, then: PublishedRows | undefined): Alteration[] {
  if (then === undefined) return storedAnew(oid, now, oid);
  const isRewritten = now.stored !== then.stored && now.touched !== then.touched;
  const isExchanged = now.names === then.names && now.order !== then.order;
  const given = then.given.filter((column) => !now.given.includes(column)).join(', ');
  return [
    ...(isRewritten
      ? [{ what: `${now.name} (rows rewritten by ALTER TABLE)`, state: `${oid} touched ${now.touched}` }]
      : []),
    ...(isRewritten ? [] : storedAnew(oid, now, then.stored)),
    ...(isExchanged
      ? [{ what: `${now.name} (other columns have the names of before)`, state: `${oid} order ${now.order}` }]
      : []),
    ...(given === '' || isRewritten
      ? []
      : [{ what: `${now.name} (whole rows identify it, and the clone was given a column)`, state: `${oid} ${given}` }]),
  ];
}

/**
 * The server refuses SET UNLOGGED for what a publication names, and not for its partitions (ATPrepChangePersistence in
 * tablecmds.c): what such a one takes on the source until SET LOGGED is never sent, and what it has on the clone a crash
 * there takes away. Nothing else remains of that than another file, as TRUNCATE, VACUUM FULL and CLUSTER leave too.
 * @param other the clone's file; of a partition made since, the first one of the source, which has the number of the table
 */
function storedAnew(oid: string, { name, stored, indirect }: PublishedRows, other: string): Alteration[] {
  if (!indirect || stored === other) return [];
  return [{ what: `${name} (a partition whose rows are in a new file)`, state: `${oid} stored ${stored} ${other}` }];
}
