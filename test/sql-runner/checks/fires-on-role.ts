import { unconnected, type Fires } from './provocations';

/** The replication role, on the source. */
export const FIRES_ON_ROLE: readonly Fires[] = [
  [
    'ROLE_CONNECTIONS_TOO_FEW',
    'block',
    ({ source }) => (source.role!.connectionLimit = 0),
    'ALTER ROLE "acas_demo" CONNECTION LIMIT -1;',
  ],
  [
    'ROLE_NOT_MANAGEABLE',
    'block',
    ({ source }) => {
      Object.assign(source.privileges, { rdsSuperuser: false, createRoles: false, manageRole: false });
    },
    'ALTER ROLE "master" CREATEROLE; GRANT "acas_demo" TO "master" WITH ADMIN OPTION;',
  ],
  [
    'ROLE_NOT_MANAGEABLE',
    'warn',
    (world) => {
      unconnected(world);
      world.source.role = null;
      world.source.privileges.grantReplication = false;
    },
    'GRANT rds_replication TO "master" WITH ADMIN OPTION;',
  ],
  [
    'ROLE_CANNOT_REPLICATE',
    'block',
    ({ source }) => Object.assign(source.role!, { canLogin: false, memberOfRdsReplication: false }),
    'ALTER ROLE "acas_demo" LOGIN; GRANT rds_replication TO "acas_demo";',
  ],
  [
    'ROLE_CANNOT_REPLICATE',
    'warn',
    (world) => {
      unconnected(world);
      world.source.role!.canLogin = false;
    },
    'as apply does',
  ],
  ['ROLE_CANNOT_REPLICATE', 'block', ({ source }) => (source.role = null), 'run sql-runner apply demo'],
  [
    'ROLE_CANNOT_CONNECT',
    'block',
    ({ source }) => (source.databases.shop!.connectGrant.mayConnect = false),
    'GRANT CONNECT ON DATABASE "shop" TO "acas_demo";',
  ],
  [
    'ROLE_CANNOT_CONNECT',
    'warn',
    (world) => {
      unconnected(world);
      world.source.databases.shop!.connectGrant.mayConnect = false;
    },
    'as apply does',
  ],
  [
    'ROLE_CANNOT_CONNECT',
    'block',
    (world) => {
      unconnected(world);
      world.source.role = null;
      Object.assign(world.source.databases.shop!.connectGrant, { mayConnect: false, mayGrant: false });
    },
    'GRANT CONNECT ON DATABASE "shop" TO "master" WITH GRANT OPTION;',
  ],
  ['ROLE_NEEDS_IAM', 'block', ({ source }) => (source.role!.memberOfRdsIam = true), 'REVOKE rds_iam FROM "acas_demo";'],
  [
    'ROLE_PASSWORD_EXPIRES',
    'block',
    ({ source }) => (source.role!.passwordExpires = '2030-01-01T00:00:00Z'),
    `VALID UNTIL 'infinity';`,
  ],
  [
    'ROLE_PASSWORD_EXPIRES',
    'block',
    ({ source }) => Object.assign(source.role!, { passwordExpires: '2020-01-01T00:00:00Z', passwordExpired: true }),
    `VALID UNTIL 'infinity';`,
  ],
  ['ROLE_TOO_POWERFUL', 'warn', ({ source }) => (source.role!.allPowerful = true), 'REVOKE rds_superuser'],
];
