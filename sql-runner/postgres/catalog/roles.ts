import type { Session } from '../session';

export interface Role {
  readonly name: string;
  readonly oid: number;
  readonly canLogin: boolean;
  readonly superuser: boolean;
  /** The REPLICATION attribute, which is not inherited through membership. */
  readonly replication: boolean;
  /** Member of RDS's marker role; false where the role rds_replication does not exist. */
  readonly memberOfRdsReplication: boolean;
  /** Such a role logs in with IAM tokens only, which a subscription cannot renew. */
  readonly memberOfRdsIam: boolean;
  readonly comment: string | null;
}

/** Those of the names that exist. */
export async function roles(session: Session, names: readonly string[]): Promise<Role[]> {
  return session.query<Role>(
    `SELECT r.rolname::text AS name, r.oid::int8::float8 AS oid, r.rolcanlogin AS "canLogin",
            r.rolsuper AS superuser, r.rolreplication AS replication,
            ${memberOf('rds_replication')} AS "memberOfRdsReplication",
            ${memberOf('rds_iam')} AS "memberOfRdsIam",
            shobj_description(r.oid, 'pg_authid') AS comment
       FROM pg_roles r WHERE r.rolname = ANY ($1::text[]) ORDER BY 1`,
    [names],
  );
}

export interface MarkedRole {
  readonly name: string;
  readonly comment: string;
  /** Databases that let it in by a grant to it. */
  readonly connectGrants: readonly string[];
}

/** All that have a comment: one of ours has its mark there. */
export async function commentedRoles(session: Session): Promise<MarkedRole[]> {
  return session.query<MarkedRole>(
    `SELECT r.rolname::text AS name, d.description AS comment,
            ARRAY(SELECT b.datname::text FROM pg_database b, LATERAL aclexplode(b.datacl) a
                   WHERE a.grantee = r.oid AND a.privilege_type = 'CONNECT' ORDER BY 1) AS "connectGrants"
       FROM pg_roles r
       JOIN pg_shdescription d ON d.objoid = r.oid AND d.classoid = 'pg_authid'::regclass
      ORDER BY 1`,
  );
}

// Read from pg_auth_members and not with pg_has_role, for which a superuser is a member of everything.
const memberOf = (group: string): string =>
  `EXISTS (WITH RECURSIVE up (oid) AS (
             SELECT m.roleid FROM pg_auth_members m WHERE m.member = r.oid
             UNION SELECT m.roleid FROM pg_auth_members m JOIN up ON m.member = up.oid)
           SELECT FROM up JOIN pg_roles g USING (oid) WHERE g.rolname = '${group}')`;

export async function roleExists(session: Session, name: string): Promise<boolean> {
  return (await session.query(`SELECT FROM pg_roles WHERE rolname = $1`, [name])).length > 0;
}
