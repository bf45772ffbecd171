import type { Session } from '../session';

export interface ConnectGrant {
  /** Through PUBLIC or a grant of its own; before the role exists: through PUBLIC. */
  readonly mayConnect: boolean;
  /** A grant to the role itself, which must be revoked before the role can be dropped. */
  readonly hasGrant: boolean;
  /** We may grant it. The server answers a GRANT of anybody else with a warning only (restrict_and_check_grant in aclchk.c). */
  readonly mayGrant: boolean;
}

/** Whether a role may connect to the current database. */
export async function connectGrant(session: Session, role: string): Promise<ConnectGrant> {
  const [row] = await session.query<ConnectGrant>(
    `SELECT CASE WHEN r.oid IS NULL THEN has_database_privilege('public', d.oid, 'CONNECT')
                 ELSE has_database_privilege(r.oid, d.oid, 'CONNECT') END AS "mayConnect",
            EXISTS (SELECT FROM aclexplode(d.datacl) a WHERE a.grantee = r.oid) AS "hasGrant",
            pg_has_role(d.datdba, 'USAGE')
              OR has_database_privilege(d.oid, 'CONNECT WITH GRANT OPTION') AS "mayGrant"
       FROM pg_database d LEFT JOIN pg_roles r ON r.rolname = $1
      WHERE d.datname = current_database()`,
    [role],
  );
  return row!;
}

/** Whether we may make schemas and publications in the current database. */
export async function mayCreate(session: Session): Promise<boolean> {
  const [row] = await session.query<{ may: boolean }>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS may`,
  );
  return row!.may;
}
