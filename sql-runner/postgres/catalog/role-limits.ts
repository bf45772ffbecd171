import type { Session } from '../session';

/** What can keep a role out, or let it in too far. */
export interface RoleLimits {
  /** -1: none. */
  readonly connectionLimit: number;
  /** ISO 8601; null: the password does not expire. */
  readonly passwordExpires: string | null;
  readonly passwordExpired: boolean;
  /** A superuser, or a member of rds_superuser. */
  readonly allPowerful: boolean;
}

/** null when the role does not exist. */
export async function roleLimits(session: Session, name: string): Promise<RoleLimits | null> {
  const [row] = await session.query<RoleLimits>(
    `SELECT r.rolconnlimit AS "connectionLimit", coalesce(r.rolvaliduntil < now(), false) AS "passwordExpired",
            CASE WHEN isfinite(r.rolvaliduntil)
                 THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS "passwordExpires",
            r.rolsuper OR EXISTS (SELECT FROM pg_roles g WHERE g.rolname = 'rds_superuser'
                                     AND pg_has_role(r.oid, g.oid, 'MEMBER')) AS "allPowerful"
       FROM pg_roles r WHERE r.rolname = $1`,
    [name],
  );
  return row ?? null;
}
