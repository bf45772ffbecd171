import type { Session } from '../session';

/** An index of the current database that no query uses, because its build has not come to its end. */
export interface InvalidIndex {
  /** A clone keeps the oids of the source. */
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly table: { readonly schema: string; readonly name: string };
  readonly unique: boolean;
  /** Rows that are written are entered into it, and held against it when it is unique. */
  readonly ready: boolean;
  /** It belongs to an index of the partitioned table, and cannot be dropped alone. */
  readonly attached: boolean;
  /** Somebody builds an index of its table now, as far as the login may see. */
  readonly building: boolean;
  readonly owner: string;
  /** The login owns its table, or has the privileges of the owner. */
  readonly mayDrop: boolean;
}

/**
 * Those of ordinary tables and partitions. An index of a partitioned table that is
 * not valid waits for its partitions' (PostgreSQL manual, CREATE INDEX … ON ONLY),
 * and is none of these.
 */
export async function invalidIndexes(session: Session): Promise<InvalidIndex[]> {
  return session.query<InvalidIndex>(
    `SELECT i.indexrelid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            jsonb_build_object('schema', tn.nspname, 'name', t.relname) AS table, i.indisunique AS unique,
            i.indisready AND i.indislive AS ready, c.relispartition AS attached, b.relid IS NOT NULL AS building,
            pg_get_userbyid(t.relowner)::text AS owner, pg_has_role(t.relowner, 'USAGE') AS "mayDrop"
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_class t ON t.oid = i.indrelid AND t.relkind IN ('r', 'm') AND t.relpersistence = 'p'
       JOIN pg_namespace tn ON tn.oid = t.relnamespace
       LEFT JOIN (SELECT DISTINCT p.relid FROM pg_stat_progress_create_index p WHERE p.datname = current_database()) b
              ON b.relid = t.oid
      WHERE NOT (i.indisvalid AND i.indisready AND i.indislive) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY 2, 3`,
  );
}

/** An index that may be the same as one on the other side. */
export interface IndexState {
  readonly oid: number;
  readonly name: string;
  readonly valid: boolean;
}

/** Of these, by oid, whichever there are. */
export async function indexStates(session: Session, oids: readonly number[]): Promise<IndexState[]> {
  return session.query<IndexState>(
    `SELECT i.indexrelid::int8::float8 AS oid, c.relname::text AS name, i.indisvalid AND i.indisready AND i.indislive AS valid
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indexrelid = ANY ($1::oid[])`,
    [oids],
  );
}
