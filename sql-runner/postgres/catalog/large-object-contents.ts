import type { Session } from '../session';
import { PAGE_BYTES, type Page } from '../text/large-object-pages';
import { quoteInteger } from '../text/quoting';
import { lastPageSql, seekSql, type LargeObjectReading } from './large-objects';

/** Some pages of a large object: from `first` on, before `end`. */
export interface Span {
  readonly oid: number;
  readonly first: number;
  readonly end: number;
}

export interface SpanDigest {
  /** Of the span, by its place in the list. */
  readonly place: number;
  /** Of the whole object, in the same snapshot. */
  readonly bytes: number;
  /** Of what the span reads as; null: zeros. See windowDigest. */
  readonly digest: string | null;
  /** Transactions that wrote pages of it since `since`, without the round they are of; at most two. null: not to be seen. */
  readonly writers: readonly number[] | null;
  /** The first page from the end of the span on; null: none, or not to be seen. */
  readonly next: number | null;
}

/**
 * The server hashes, and sends some bytes a span. One that is not there any more has no row. Bounded by what the
 * spans hold: who asks takes as many as it wants to be read at a time.
 *
 * @param since a transaction; null: nobody asks who wrote
 */
export function largeObjectDigests(
  session: Session,
  reading: LargeObjectReading,
  spans: readonly Span[],
  since: number | null,
): Promise<SpanDigest[]> {
  const values = [spans.map(({ oid }) => String(oid)), spans.map(({ first }) => first), spans.map(({ end }) => end)];
  return reading === 'pages'
    ? session.query<SpanDigest>(ofPagesSql(), [...values, since])
    : session.query<SpanDigest>(ofObjectsSql(), values);
}

const SPANS = `FROM unnest($1::oid[], $2::int8[], $3::int8[]) WITH ORDINALITY AS s(oid, first, "end", place)
       JOIN pg_largeobject_metadata m ON m.oid = s.oid`;

const zerosSql = (): string => `decode(repeat('00', ${quoteInteger(PAGE_BYTES)}), 'hex')`;

/** The pages are hashed below the sort, so that what is sorted is small. */
const hashedSql = (): string => `CASE WHEN count(*) FILTER (WHERE NOT h.zero) = 0 THEN NULL
  ELSE encode(sha256(string_agg(h.hash, ''::bytea ORDER BY h.number) FILTER (WHERE NOT h.zero)), 'hex') END`;

/** A row shows its transaction without the round it is of; those below 3 are of the server's making (transam.h). */
const ofPagesSql = (): string => `
  SELECT (s.place - 1)::float8 AS place, (${lastPageSql()})::float8 AS bytes, d.digest,
         CASE WHEN $4::int8 IS NULL THEN NULL ELSE coalesce(d.writers, '{}') END AS writers,
         (SELECT p.pageno FROM pg_largeobject p WHERE p.loid = m.oid AND p.pageno >= s."end" ORDER BY p.pageno LIMIT 1) AS next
    ${SPANS},
    LATERAL (
      SELECT ${hashedSql()} AS digest,
             (array_agg(DISTINCT h.writer) FILTER (WHERE h.writer > 2 AND
               (h.writer - $4::int8 + 4294967296) % 4294967296 < 2147483648))[1:2]::float8[] AS writers
        FROM (SELECT l.number, l.writer, l.padded = ${zerosSql()} AS zero, int4send(l.number) || sha256(l.padded) AS hash
                FROM (SELECT p.pageno AS number, p.xmin::text::int8 AS writer,
                             p.data || substr(${zerosSql()}, length(p.data) + 1) AS padded
                        FROM pg_largeobject p
                       WHERE p.loid = m.oid AND p.pageno >= s.first AND p.pageno < s."end" OFFSET 0) l OFFSET 0) h) d
   ORDER BY s.place`;

/** By lo_get(), which fills holes and ends where the object does. */
const ofObjectsSql = (): string => `
  SELECT (s.place - 1)::float8 AS place, (${seekSql()})::float8 AS bytes, d.digest, NULL::float8[] AS writers, NULL::int AS next
    ${SPANS},
    LATERAL (
      SELECT ${hashedSql()} AS digest
        FROM (SELECT l.number, l.padded = ${zerosSql()} AS zero, int4send(l.number) || sha256(l.padded) AS hash
                FROM (SELECT n.number, n.data || substr(${zerosSql()}, length(n.data) + 1) AS padded
                        FROM (SELECT (s.first + i)::int4 AS number, substr(c.chunk, i * ${quoteInteger(PAGE_BYTES)} + 1, ${quoteInteger(PAGE_BYTES)}) AS data
                                FROM (SELECT lo_get(m.oid, s.first * ${quoteInteger(PAGE_BYTES)}, (s."end" - s.first)::int4 * ${quoteInteger(PAGE_BYTES)}) AS chunk OFFSET 0) c,
                                     generate_series(0, (length(c.chunk) - 1) / ${quoteInteger(PAGE_BYTES)}) i OFFSET 0) n OFFSET 0) l OFFSET 0) h) d
   ORDER BY s.place`;

/** A page with the place of its span in the list. */
export interface PageOfSpan extends Page {
  readonly place: number;
}

/** What the spans hold, page by page. */
export async function largeObjectPages(
  session: Session,
  reading: LargeObjectReading,
  spans: readonly Span[],
): Promise<PageOfSpan[]> {
  const values = [spans.map(({ oid }) => String(oid)), spans.map(({ first }) => first), spans.map(({ end }) => end)];
  if (reading === 'pages')
    return session.query<PageOfSpan>(
      `SELECT (s.place - 1)::float8 AS place, p.pageno AS number, p.data ${SPANS}
         JOIN pg_largeobject p ON p.loid = m.oid AND p.pageno >= s.first AND p.pageno < s."end"
        ORDER BY s.place, p.pageno`,
      values,
    );
  const rows = await session.query<{ place: number; data: Buffer }>(
    `SELECT (s.place - 1)::float8 AS place,
            lo_get(m.oid, s.first * ${quoteInteger(PAGE_BYTES)}, (s."end" - s.first)::int4 * ${quoteInteger(PAGE_BYTES)}) AS data
       ${SPANS} ORDER BY s.place`,
    values,
  );
  return rows.flatMap(({ place, data }) =>
    Array.from({ length: Math.ceil(data.length / PAGE_BYTES) }, (_, index) => ({
      place,
      number: spans[place]!.first + index,
      data: data.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES),
    })),
  );
}
