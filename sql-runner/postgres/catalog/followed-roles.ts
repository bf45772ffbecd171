import type { Session } from '../session';

/** A role as far as another server may be given the same; never its password. */
export interface FollowedRole {
  readonly name: string;
  readonly oid: number;
  /** Of PostgreSQL or the service: pg_*, rds*, aws*, and what came with the server. */
  readonly reserved: boolean;
  readonly comment: string | null;
  readonly login: boolean;
  readonly inherit: boolean;
  readonly createDb: boolean;
  readonly createRole: boolean;
  readonly superuser: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  /** -1: none. */
  readonly connectionLimit: number;
  /** ISO 8601, so that texts sort; null: the password does not expire. */
  readonly validUntil: string | null;
  /** The login may alter and comment it. */
  readonly mayAlter: boolean;
  /** And grant it to others. */
  readonly mayGrant: boolean;
}

/** One grant of a role; from 16 on there may be several of one pair, by different grantors. */
export interface Membership {
  readonly role: string;
  readonly member: string;
  /** Null up to 15, where who granted it does not matter. */
  readonly grantor: string | null;
  readonly admin: boolean;
  /** Null up to 15: as the member is INHERIT. */
  readonly inherit: boolean | null;
  readonly set: boolean | null;
  /** The login may take back what the grantor gave. */
  readonly mayRevoke: boolean;
}

export interface RolesOfServer {
  readonly versionNum: number;
  readonly login: string;
  /** Whom the server notes as the grantor of what the login grants, from 16 on. */
  readonly grantsAs: string;
  readonly superuser: boolean;
  readonly mayCreate: boolean;
  readonly roles: readonly FollowedRole[];
  readonly memberships: readonly Membership[];
}

/**
 * Who may alter whom: up to 15 CREATEROLE is enough but for superusers and roles with REPLICATION, from 16 on it takes ADMIN
 * OPTION on the role (AlterRole and check_role_membership_authorization in user.c).
 */
export async function rolesOfServer(session: Session): Promise<RolesOfServer> {
  const [server] = await session.query<Omit<RolesOfServer, 'roles' | 'memberships' | 'versionNum'>>(
    `SELECT r.rolname::text AS login, r.rolsuper AS superuser, r.rolsuper OR r.rolcreaterole AS "mayCreate",
            CASE WHEN r.rolsuper THEN (SELECT rolname::text FROM pg_roles WHERE oid = 10) ELSE r.rolname::text END AS "grantsAs"
       FROM pg_roles r WHERE r.rolname = current_user`,
  );
  const since16 = session.serverVersionNum >= 160_000;
  const roles = await session.query<FollowedRole>(
    `WITH me AS (SELECT oid, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user)
     SELECT r.rolname::text AS name, r.oid::int8::float8 AS oid, r.oid < 16384 OR r.rolname ~ '^(pg_|rds|aws)' AS reserved,
            shobj_description(r.oid, 'pg_authid') AS comment, r.rolcanlogin AS login, r.rolinherit AS inherit,
            r.rolcreatedb AS "createDb", r.rolcreaterole AS "createRole", r.rolsuper AS superuser,
            r.rolreplication AS replication, r.rolbypassrls AS "bypassRls", r.rolconnlimit AS "connectionLimit",
            CASE WHEN r.rolvaliduntil = '-infinity' THEN '0001-01-01T00:00:00.000000Z' WHEN isfinite(r.rolvaliduntil)
                 THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END AS "validUntil",
            me.rolsuper OR me.rolcreaterole AND NOT r.rolsuper
              AND CASE WHEN $1::text = '16' THEN pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION') ELSE NOT r.rolreplication END
              AS "mayAlter",
            me.rolsuper OR NOT r.rolsuper AND (pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION')
              OR $1::text <> '16' AND me.rolcreaterole) AS "mayGrant"
       FROM pg_roles r CROSS JOIN me ORDER BY 1`,
    [since16 ? '16' : 'before'],
  );
  return { ...server!, versionNum: session.serverVersionNum, roles, memberships: await memberships(session, since16) };
}

/** Whoever makes a role from 16 on is made a member of it by the server itself, and cannot be granted so: that is left out. */
const memberships = (session: Session, since16: boolean): Promise<Membership[]> =>
  session.query<Membership>(
    `SELECT g.rolname::text AS role, m.rolname::text AS member, x.grantor, x.admin, x.inherit, x.set,
            coalesce(x.mine, true) AS "mayRevoke"
       FROM (SELECT a.roleid, a.member, a.admin_option AS admin, (to_jsonb(a) ->> 'inherit_option')::boolean AS inherit,
                    (to_jsonb(a) ->> 'set_option')::boolean AS set,
                    CASE WHEN $1::text = '16' THEN pg_get_userbyid(a.grantor)::text END AS grantor,
                    CASE WHEN $1::text = '16' THEN EXISTS (SELECT FROM pg_roles o WHERE o.oid = a.grantor
                                                              AND pg_has_role(current_user, o.oid, 'USAGE')) END AS mine
               FROM pg_auth_members a
              WHERE NOT ($1::text = '16' AND a.grantor = 10 AND a.admin_option
                         AND (to_jsonb(a) ->> 'inherit_option') = 'false' AND (to_jsonb(a) ->> 'set_option') = 'false')) x
       JOIN pg_roles g ON g.oid = x.roleid JOIN pg_roles m ON m.oid = x.member ORDER BY 1, 2, 3`,
    [since16 ? '16' : 'before'],
  );
