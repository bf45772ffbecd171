import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

/** A table in which the apply worker may not do all that can arrive. */
export interface LackingRights {
  /** The table that a selection names: the root, where this is a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  /** Of SELECT, INSERT, UPDATE and DELETE: from 16 on those that the owner has not, as whom rows are written. */
  readonly ownerLacks: readonly string[];
  /** What the session's user, as whom the worker runs, has not: TRUNCATE, and in 15 the others too. */
  readonly loginLacks: readonly string[];
}

/**
 * Owners have every right on their tables until they revoke it from themselves. From 15 on the worker asks
 * (TargetPrivilegesCheck in logical/worker.c): in 15 for the owner of the subscription, from 16 on for the owner
 * of the table, only TRUNCATE is asked before it becomes that role.
 */
export async function lackingRights(session: Session): Promise<LackingRights[]> {
  if (session.serverVersionNum < 150000) return [];
  const rows = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
  const [asOwner, asLogin] = session.serverVersionNum < 160000 ? [[], [...rows, 'TRUNCATE']] : [rows, ['TRUNCATE']];
  return session.query<LackingRights>(
    `WITH RECURSIVE ${partitionRootSql(session)},
     asked AS (
       SELECT c.oid, c.relowner,
              ARRAY(SELECT p FROM unnest($1::text[]) AS p WHERE NOT has_table_privilege(c.relowner, c.oid, p)) AS own,
              ARRAY(SELECT p FROM unnest($2::text[]) AS p WHERE NOT has_table_privilege(c.oid, p)) AS login
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p'
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
     SELECT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner,
            a.own AS "ownerLacks", a.login AS "loginLacks"
       FROM asked a
       JOIN pg_class c ON c.oid = a.oid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root p ON p.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(p.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE a.own <> '{}' OR a.login <> '{}'
      ORDER BY 3, 4`,
    [asOwner, asLogin],
  );
}
