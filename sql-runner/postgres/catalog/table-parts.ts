import { quoteFilter, quoteQualified } from '../text/quoting';
import type { Session } from '../session';

export interface ColumnOfPart {
  readonly name: string;
  readonly generated: boolean;
  /** A row without a value for it is refused: NOT NULL without a default, or a domain, which may refuse NULL. */
  readonly required: boolean;
  /** Part of a unique index, an exclusion constraint or a check, which may refuse what it gets by default. */
  readonly bound: boolean;
  /** Its values may be stored apart from their row (TOAST). */
  readonly apart: boolean;
  /** Part of the primary key. */
  readonly key: boolean;
}

/** A table of which a part is to be published, as the source has it. */
export interface TablePartFacts {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnOfPart[];
  /** Columns that identify its rows; null: all of them do. */
  readonly identity: readonly string[] | null;
  /** Foreign keys that refer to it, as `constraint of schema.table`. */
  readonly referencedBy: readonly string[];
  /** No partition of anything, not partitioned, and nothing inherits from it, or it from anything. */
  readonly alone: boolean;
  /** Why the server takes the condition for none; absent: it takes it, or there is none. */
  readonly refused?: string;
  /** Whether the filter of the publication is the same; absent: there is none to compare with. */
  readonly published?: boolean;
}

/** A table with the condition that is asked for, and the one that the publication has. */
export interface AskedPart {
  readonly schema: string;
  readonly name: string;
  readonly where: string | null;
  readonly filter: string | null;
}

/** Those that are there; what is asked for and is not there is missing. */
export async function tableParts(session: Session, asked: readonly AskedPart[]): Promise<TablePartFacts[]> {
  const found = await session.query<Omit<TablePartFacts, 'refused' | 'published'>>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('name', a.attname, 'generated', a.attgenerated <> '',
                      'required', (a.attnotnull OR t.typtype = 'd') AND NOT a.atthasdef AND a.attidentity = '' AND t.typdefault IS NULL,
                      'apart', a.attlen = -1 AND a.attstorage <> 'p',
                      'key', coalesce(a.attnum = ANY (p.indkey::int2[]), false),
                      'bound', EXISTS (SELECT FROM pg_depend d
                                  LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
                                  LEFT JOIN pg_index x ON d.classid = 'pg_class'::regclass AND x.indexrelid = d.objid
                                 WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
                                   AND (k.contype IN ('c', 'u', 'p', 'x') OR x.indisunique OR x.indisexclusion)))
                      ORDER BY a.attnum), '[]')
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
            CASE WHEN c.relreplident <> 'f' THEN ARRAY(
              SELECT a.attname::text FROM pg_index x CROSS JOIN generate_series(0, x.indnkeyatts - 1) AS i
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[i]
               WHERE x.indrelid = c.oid AND CASE c.relreplident WHEN 'i' THEN x.indisreplident ELSE x.indisprimary END
               ORDER BY i) END AS identity,
            ARRAY(SELECT k.conname || ' of ' || k.conrelid::regclass FROM pg_constraint k
                   WHERE k.contype = 'f' AND k.confrelid = c.oid ORDER BY 1) AS "referencedBy",
            c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS alone
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_index p ON p.indrelid = c.oid AND p.indisprimary
      WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND c.relkind IN ('r', 'p')
      ORDER BY 2, 3`,
    [asked.map(({ schema }) => schema), asked.map(({ name }) => name)],
  );
  const facts: TablePartFacts[] = [];
  for (const table of found) {
    const { where, filter } = asked.find(({ schema, name }) => schema === table.schema && name === table.name)!;
    facts.push(where === null ? table : { ...table, ...(await judged(session, { ...table, where, filter })) });
  }
  return facts;
}

/** By plans that nobody carries out: from two conditions that the server reads alike it makes the same. */
async function judged(
  session: Session,
  { schema, name, where, filter }: AskedPart & { readonly where: string },
): Promise<Pick<TablePartFacts, 'refused' | 'published'>> {
  const planOf = async (condition: string): Promise<string> =>
    JSON.stringify(
      await session.query(
        `EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT FROM ONLY ${quoteQualified({ schema, name })} WHERE ${quoteFilter(condition)}`,
      ),
    );
  try {
    const asked = await planOf(where);
    return filter === null ? {} : { published: asked === (await planOf(filter)) };
  } catch (cause) {
    const { code, message } = cause as { code?: unknown; message?: unknown };
    // Class 42: it names what is not there, or is no condition; 22 and 0A: what no value can be made of.
    if (typeof code !== 'string' || !/^(42|22|0A)/.test(code)) throw cause;
    return { refused: String(message) };
  }
}
