import { quoteIdent, quoteQualified, type QualifiedName } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { lookAtDefaults } from './own-values';
import { MARKERS, PUBLICATION } from './stage';

export interface Published {
  readonly tables: readonly QualifiedName[];
  /** Of those that were named, which could not be published here. */
  readonly lacking: readonly QualifiedName[];
}

/**
 * The publication of the scratch source, and on both sides the table that tells how far the clone is.
 * @param tables those that are sent: ordinary ones and partitions; null: all that can be
 */
export async function publish(session: ScratchSession, tables: readonly QualifiedName[] | null): Promise<Published> {
  const all = await publishable(session);
  const sent = tables === null ? null : new Set(tables.map(keyOf));
  const whole = all.filter(({ root, parts }) => root && (sent === null || isWhole(parts, sent)));
  const there = new Set(whole.flatMap(({ parts }) => parts.map(keyOf)));
  const single = sent === null ? [] : all.filter((one) => !one.root && sent.has(keyOf(one)) && !there.has(keyOf(one)));
  for (const one of single) there.add(keyOf(one));
  const named = [...whole, ...single].map(({ schema, name }) => ({ schema, name }));
  const markers = quoteQualified(MARKERS);
  await session.query(`CREATE SCHEMA ${quoteIdent(MARKERS.schema)}`);
  await session.query(`CREATE TABLE ${markers} (n bigint PRIMARY KEY)`);
  await lookAtDefaults(session);
  const list = named.map((table) => `ONLY ${quoteQualified(table)}`);
  await session.query(`CREATE PUBLICATION ${quoteIdent(PUBLICATION)} FOR TABLE ${[...list, markers].join(', ')}`);
  return { tables: named, lacking: (tables ?? []).filter((table) => !there.has(keyOf(table))) };
}

/** A partitioned table is published by its name where all of it is sent, and what comes later with it. */
const isWhole = (parts: readonly QualifiedName[], sent: ReadonlySet<string>): boolean =>
  parts.length > 0 && parts.every((part) => sent.has(keyOf(part)));

const keyOf = ({ schema, name }: QualifiedName): string => JSON.stringify([schema, name]);

interface Publishable extends QualifiedName {
  /** No partition of another one. */
  readonly root: boolean;
  /** What keeps its rows: itself, or all partitions below it. */
  readonly parts: readonly QualifiedName[];
}

/**
 * What sql-runner would select: permanent tables whose rows can be told from one another, a partitioned one by its name if
 * all of its partitions can be.
 */
async function publishable(session: ScratchSession): Promise<Publishable[]> {
  return session.query<Publishable>(
    `WITH RECURSIVE candidate AS (
       SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, NOT c.relispartition AS root
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384 AND (NOT c.relispartition OR c.relkind = 'r')
          AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')),
     below AS (
       SELECT oid AS top, oid FROM candidate
       UNION ALL SELECT b.top, i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid JOIN pg_class c ON c.oid = b.oid AND c.relkind = 'p')
     SELECT schema, name, root,
            (SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname)), '[]') FROM below b
               JOIN pg_class c ON c.oid = b.oid AND c.relkind <> 'p' JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE b.top = candidate.oid) AS parts
       FROM candidate
      WHERE NOT EXISTS (SELECT FROM below b JOIN pg_class c ON c.oid = b.oid WHERE b.top = candidate.oid AND c.relkind <> 'p'
              AND NOT (c.relkind = 'r' AND c.relpersistence = 'p' AND (c.relreplident = 'f' OR EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = c.oid AND (i.indisreplident OR i.indisprimary AND c.relreplident = 'd')))))
      ORDER BY 1, 2`,
  );
}
