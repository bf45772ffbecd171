import type { Session } from '../session';

/** A column of a table, or of the root of a partitioned one, whose values hold amounts of money. */
export interface MoneyColumn {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
}

/**
 * Also in arrays, domains, ranges and composites. Types are followed from money upwards, so that it costs one pass
 * over the attributes however many tables there are.
 */
export async function moneyColumns(session: Session): Promise<MoneyColumn[]> {
  return session.query<MoneyColumn>(
    `WITH RECURSIVE made (oid, of) AS (
       SELECT oid, typbasetype FROM pg_type WHERE typtype = 'd'
       UNION ALL SELECT oid, typelem FROM pg_type WHERE typcategory = 'A' AND typelem <> 0
       UNION ALL SELECT rngtypid, rngsubtype FROM pg_range
       UNION ALL SELECT c.reltype, a.atttypid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                  WHERE c.reltype <> 0 AND a.attnum > 0 AND NOT a.attisdropped
                    AND (a.atttypid >= 16384 OR a.atttypid = ANY ('{money,money[]}'::regtype[]))),
     monetary (oid) AS (
       SELECT 'money'::regtype::oid UNION SELECT made.oid FROM monetary JOIN made ON made.of = monetary.oid)
     SELECT n.nspname::text AS schema, c.relname::text AS name, a.attname::text AS "column"
       FROM monetary
       JOIN pg_attribute a ON a.atttypid = monetary.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY 1, 2, 3`,
  );
}
