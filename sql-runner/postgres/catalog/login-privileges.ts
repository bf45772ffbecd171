import type { Session } from '../session';

/**
 * What the session's user may do. A service may allow a member of rds_superuser
 * more than the catalog shows, so that membership is told apart.
 */
export interface LoginPrivileges {
  readonly superuser: boolean;
  readonly rdsSuperuser: boolean;
  /** Make slots: the REPLICATION attribute, or membership of rds_replication, which stands for it on RDS. */
  readonly replicate: boolean;
  readonly createRoles: boolean;
  /** Grant rds_replication; true where there is no such role. */
  readonly grantReplication: boolean;
  /** Change the replication role and drop it; true while it does not exist. From 16 on that takes ADMIN OPTION. */
  readonly manageRole: boolean;
  /** pg_create_subscription, from 16 on; before that only superusers subscribe. */
  readonly subscribe: boolean;
}

/** @param role the replication role */
export async function loginPrivileges(session: Session, role: string): Promise<LoginPrivileges> {
  const before16 = session.serverVersionNum < 160000;
  const [row] = await session.query<LoginPrivileges>(
    `SELECT me.rolsuper AS superuser, ${memberOf('rds_superuser')} AS "rdsSuperuser",
            me.rolsuper OR me.rolreplication OR ${memberOf('rds_replication')} AS replicate,
            me.rolsuper OR me.rolcreaterole AS "createRoles",
            ${before16 ? 'true' : ADMINISTERS_RDS_REPLICATION} AS "grantReplication",
            ${before16 ? 'true' : ADMINISTERS_ROLE} AS "manageRole",
            me.rolsuper OR ${memberOf('pg_create_subscription')} AS subscribe
       FROM pg_roles me WHERE me.rolname = current_user AND $1::text IS NOT NULL`,
    [role],
  );
  return row!;
}

const memberOf = (group: string): string =>
  `EXISTS (SELECT FROM pg_roles g WHERE g.rolname = '${group}' AND pg_has_role(g.oid, 'USAGE'))`;

const ADMINISTERS_RDS_REPLICATION = `coalesce((SELECT pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')
  FROM pg_roles r WHERE r.rolname = 'rds_replication'), true)`;
const ADMINISTERS_ROLE = `coalesce((SELECT pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')
  FROM pg_roles r WHERE r.rolname = $1), true)`;

// Before 14 everybody had EXECUTE, and the functions themselves refused whoever is no superuser (origin.c).
const NOT_SUPERUSER = `NOT EXISTS (SELECT FROM pg_roles me WHERE me.rolname = current_user
  AND (me.rolsuper OR ${memberOf('rds_superuser')}))`;

/** What a bootstrap calls in the current database of the clone. */
export interface BootstrapPrivileges {
  /** CREATE on the database, which CREATE SUBSCRIPTION asks for from 16 on. */
  readonly create: boolean;
  /** Functions on replication origins that the user may not call, as `name(types)`. */
  readonly deniedOriginFunctions: readonly string[];
  /** aurora_volume_logical_start_lsn(); true where it is missing. */
  readonly readSeed: boolean;
}

export async function bootstrapPrivileges(session: Session): Promise<BootstrapPrivileges> {
  const denied = session.serverVersionNum < 140000 ? NOT_SUPERUSER : `NOT has_function_privilege(p.oid, 'EXECUTE')`;
  const [row] = await session.query<BootstrapPrivileges>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS create,
            coalesce(has_function_privilege(to_regprocedure('aurora_volume_logical_start_lsn()')::oid, 'EXECUTE'), true)
              AS "readSeed",
            coalesce((SELECT jsonb_agg(p.oid::regprocedure::text ORDER BY p.proname) FROM pg_proc p
                       WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY (ARRAY[
                             'pg_replication_origin_advance', 'pg_replication_origin_progress', 'pg_replication_origin_drop'])
                         AND ${denied}), '[]'::jsonb) AS "deniedOriginFunctions"`,
  );
  return row!;
}
