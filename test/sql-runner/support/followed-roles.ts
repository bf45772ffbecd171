import type { RolesObserved } from '../../../sql-runner/model/followed-roles';
import type { FollowedRole, RolesOfServer } from '../../../sql-runner/postgres/catalog/followed-roles';

/** A plain role that the login may alter and grant. */
export const role = (name: string, oid: number, more: Partial<FollowedRole> = {}): FollowedRole => ({
  name,
  oid,
  reserved: false,
  comment: null,
  login: false,
  inherit: true,
  createDb: false,
  createRole: false,
  superuser: false,
  replication: false,
  bypassRls: false,
  connectionLimit: -1,
  validUntil: null,
  mayAlter: true,
  mayGrant: true,
  ...more,
});

/** Of PostgreSQL 17, with a login that is no superuser. */
export const serverWith = (roles: readonly FollowedRole[], more: Partial<RolesOfServer> = {}): RolesOfServer => ({
  versionNum: 170_000,
  login: 'master',
  grantsAs: 'master',
  superuser: false,
  mayCreate: true,
  roles: [...roles, role('master', 16_400, { createRole: true, createDb: true })],
  memberships: [],
  ...more,
});

export const bothWith = (source: RolesOfServer, clone: RolesOfServer): RolesObserved => ({
  source,
  clone,
  databases: { shop: { source: [], clone: [] } },
});
