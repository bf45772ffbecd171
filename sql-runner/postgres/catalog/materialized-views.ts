import type { Session } from '../session';

export interface MaterializedView {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly role: string;
  /** The login has the rights of its owner, or from 17 on MAINTAIN. */
  readonly mayRefresh: boolean;
  /** The login may name what is in its schema. */
  readonly enters: boolean;
  readonly populated: boolean;
  /** It has an index by which a refresh can be CONCURRENTLY. */
  readonly hasKey: boolean;
  /** A refresh CONCURRENTLY makes a temporary table, as its owner. */
  readonly ownerMakesTables: boolean;
}

/**
 * Which index will do is what is_usable_unique_index() in matview.c asks: unique, checked at once, valid, a btree, of
 * columns alone and of all rows. Locks nothing.
 */
export function viewsToRefresh(session: Session): Promise<MaterializedView[]> {
  const maintains = session.serverVersionNum >= 170_000 ? `OR has_table_privilege(c.oid, 'MAINTAIN')` : '';
  return session.query<MaterializedView>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            pg_get_userbyid(c.relowner)::text AS role,
            (pg_has_role(c.relowner, 'USAGE') ${maintains}) AS "mayRefresh",
            has_schema_privilege(n.oid, 'USAGE') AS enters, c.relispopulated AS populated,
            EXISTS (SELECT FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am a ON a.oid = x.relam
                     WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL
                       AND a.amname = 'btree' AND NOT 0 = ANY (i.indkey::int2[])) AS "hasKey",
            has_database_privilege(c.relowner, current_database(), 'TEMPORARY') AS "ownerMakesTables"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY n.nspname, c.relname`,
  );
}

/** Those that hold rows, by name. */
export function populatedViews(session: Session): Promise<{ schema: string; name: string }[]> {
  return session.query(
    `SELECT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'm' AND c.relispopulated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY n.nspname, c.relname`,
  );
}
