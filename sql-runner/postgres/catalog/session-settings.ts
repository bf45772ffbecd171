import type { Session } from '../session';

export type SettingScope = 'role in database' | 'role' | 'database' | 'all roles' | 'server';

/** What a setting is at the start of a session of one role in the current database. */
export interface SessionSetting {
  readonly name: string;
  /** As pg_settings shows it, in the setting's base unit. */
  readonly value: string;
  /** What gives it that value. */
  readonly from: SettingScope;
}

/**
 * Backends of replication start with the settings of their database and role like any session: a walsender with
 * those of the role that connects, an apply worker with those of the subscription's owner (process_settings in
 * postinit.c). What is set for nobody in particular is read as the server's; a setting that only the session's own
 * user has cannot be told from that.
 */
export async function sessionSettings(
  session: Session,
  role: string,
  names: readonly string[],
): Promise<SessionSetting[]> {
  return session.query<SessionSetting>(
    `WITH set AS (
       SELECT lower(split_part(entry, '=', 1)) AS name, substr(entry, strpos(entry, '=') + 1) AS value,
              CASE WHEN s.setrole <> 0 AND s.setdatabase <> 0 THEN 'role in database' WHEN s.setrole <> 0 THEN 'role'
                   WHEN s.setdatabase <> 0 THEN 'database' ELSE 'all roles' END AS origin
         FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
        WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          AND s.setrole IN (0, (SELECT r.oid FROM pg_roles r WHERE r.rolname = $1)))
     SELECT g.name, coalesce(first.value, g.reset_val) AS value, coalesce(first.origin, 'server') AS "from"
       FROM pg_settings g
       LEFT JOIN LATERAL (
         SELECT value, origin FROM set WHERE set.name = lower(g.name)
          ORDER BY array_position('{role in database,role,database,all roles}', origin) LIMIT 1) AS first ON true
      WHERE g.name = ANY ($2::text[]) ORDER BY 1`,
    [role, names],
  );
}

/** A setting of one role, in every database (null) or in one. */
export interface RoleSetting {
  readonly database: string | null;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

export async function roleSettings(session: Session, role: string): Promise<RoleSetting[]> {
  return session.query<RoleSetting>(
    `SELECT d.datname::text AS database, lower(split_part(entry, '=', 1)) AS name,
            substr(entry, strpos(entry, '=') + 1) AS value
       FROM pg_db_role_setting s
       JOIN pg_roles r ON r.oid = s.setrole
       LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS entry
      WHERE r.rolname = $1 ORDER BY 1, 2`,
    [role],
  );
}
