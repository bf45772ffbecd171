import type { Client } from 'pg';

/** All that the catalogs have of a table, but numbers and places in them: written apart from what sql-runner reads. */
export async function catalogOf(client: Client, table: string): Promise<unknown> {
  const rows: Record<string, unknown> = {};
  for (const [what, sql] of Object.entries(QUERIES)) rows[what] = (await client.query(sql, [table])).rows;
  return rows;
}

/** A row of a catalog as JSON, without what is of one database alone. */
const without = (row: string, ...columns: string[]): string =>
  `(to_jsonb(${row}) - ARRAY['oid', ${columns.map((column) => `'${column}'`).join(', ')}]::text[])`;

const QUERIES: Readonly<Record<string, string>> = {
  table: `SELECT c.relname, c.relkind, c.relpersistence, c.relreplident, c.reloptions, pg_get_userbyid(c.relowner) AS owner,
            ARRAY(SELECT x::text FROM unnest(c.relacl) x ORDER BY 1) AS acl, c.relacl IS NULL AS bare, obj_description(c.oid) AS comment,
            (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid) AS toast
            FROM pg_class c WHERE c.oid = $1::regclass`,
  columns: `SELECT ${without('a', 'attrelid', 'attnum', 'attcacheoff', 'attndims', 'attacl', 'atttypid', 'attcollation', 'atthasmissing', 'attmissingval', 'attislocal')} AS row,
              format_type(a.atttypid, a.atttypmod) AS type, (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation) AS collation,
              row_number() OVER (ORDER BY a.attnum) AS position, ARRAY(SELECT x::text FROM unnest(a.attacl) x ORDER BY 1) AS acl,
              (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) AS value,
              col_description(a.attrelid, a.attnum) AS comment, pg_get_serial_sequence($1, a.attname) AS sequence
              FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  constraints: `SELECT k.conname, k.contype, k.condeferrable, k.condeferred, k.convalidated, k.connoinherit, pg_get_constraintdef(k.oid) AS text,
                  obj_description(k.oid, 'pg_constraint') AS comment, to_jsonb(k) ->> 'conenforced' AS enforced
                  FROM pg_constraint k WHERE k.conrelid = $1::regclass ORDER BY 1`,
  indexes: `SELECT c.relname, c.reloptions, pg_get_indexdef(i.indexrelid) AS text, i.indisreplident, i.indisprimary, i.indisvalid,
              obj_description(c.oid) AS comment FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass ORDER BY 1`,
  sequences: `SELECT c.relname, ${without('s', 'seqrelid', 'seqtypid')} AS row, format_type(s.seqtypid, NULL) AS type, d.deptype, a.attname,
                pg_get_userbyid(c.relowner) AS owner, ARRAY(SELECT x::text FROM unnest(c.relacl) x ORDER BY 1) AS acl
                FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_sequence s ON s.seqrelid = c.oid
                JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
               WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = $1::regclass ORDER BY 1`,
};
