import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { scramVerifier } from './scram-verifier';

/** The superuser that stands for the service itself, as on RDS. */
export const ADMIN_ROLE = 'rdsadmin';
/** The service's own database, as on RDS; nobody else may connect to it. */
export const ADMIN_DATABASE = 'rdsadmin';

/** Predefined roles that rds_superuser has on RDS, and that the server's version may lack. */
const PREDEFINED = [
  'pg_monitor',
  'pg_signal_backend',
  'pg_checkpoint',
  'pg_create_subscription',
  'pg_use_reserved_connections',
];

/** A master user's name and password. */
export interface MasterUser {
  readonly user: string;
  readonly password: string;
}

/**
 * Creates the roles that RDS has: `rds_superuser`, which is not a superuser, and `rds_replication`, whose members the
 * rdsadmin agent gives REPLICATION. Connect to any database.
 */
export async function createServiceRoles(admin: Client): Promise<void> {
  await admin.query('CREATE ROLE rds_superuser NOLOGIN');
  await admin.query('CREATE ROLE rds_replication NOLOGIN');
  for (const role of await predefined(admin))
    await admin.query(`GRANT ${escapeIdentifier(role)} TO rds_superuser WITH ADMIN OPTION`);
  // RDS lets rds_superuser set it; where nobody needs to be a superuser, the server can be told so.
  if (await needNoSuperuser(admin))
    await admin.query('GRANT SET ON PARAMETER session_replication_role TO rds_superuser');
}

/** The master user, no superuser either from 16 on. */
export async function createMaster(admin: Client, master: MasterUser): Promise<void> {
  const user = escapeIdentifier(master.user);
  const attributes = (await needNoSuperuser(admin)) ? '' : 'SUPERUSER';
  await admin.query(
    `CREATE ROLE ${user} LOGIN CREATEDB CREATEROLE REPLICATION ${attributes} PASSWORD ${escapeLiteral(scramVerifier(master.password))}`,
  );
  await admin.query(`GRANT rds_superuser, rds_replication TO ${user} WITH ADMIN OPTION`);
}

async function predefined(admin: Client): Promise<string[]> {
  const present = 'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)';
  const { rows } = await admin.query<{ rolname: string }>(present, [PREDEFINED]);
  return rows.map(({ rolname }) => rolname);
}

/** Before pg_create_subscription came with 16, only a superuser could subscribe; RDS has a patch of its own. */
async function needNoSuperuser(admin: Client): Promise<boolean> {
  return (await predefined(admin)).includes('pg_create_subscription');
}

/** @throws Error when the role does not exist */
export async function setPassword(admin: Client, username: string, password: string): Promise<void> {
  await admin.query(`ALTER ROLE ${escapeIdentifier(username)} PASSWORD ${escapeLiteral(scramVerifier(password))}`);
}

/**
 * Gives one database what Aurora's have. Run in template1, so that databases
 * that users create have it too; grants on functions are per database.
 */
export async function furnishDatabase(admin: Client): Promise<void> {
  await admin.query('BEGIN');
  await admin.query('SET LOCAL allow_system_table_mods = on');
  await admin.query(`
    CREATE OR REPLACE FUNCTION pg_catalog.aurora_volume_logical_start_lsn() RETURNS pg_lsn
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(pg_catalog.current_setting('aurora.volume_logical_start_lsn', true), '')::pg_lsn $$`);
  await grantReplicationOrigins(admin);
  await admin.query('COMMIT');
}

/** Reserved for superusers by default, and granted to rds_superuser on RDS. */
async function grantReplicationOrigins(admin: Client): Promise<void> {
  const functions = await admin.query<{ signature: string }>(`
    SELECT oid::regprocedure::text AS signature FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname LIKE 'pg\\_replication\\_origin\\_%' OR proname = 'pg_show_replication_origin_status')`);
  for (const { signature } of functions.rows) {
    await admin.query(`GRANT EXECUTE ON FUNCTION ${signature} TO rds_superuser`);
  }
  await admin.query('GRANT SELECT ON pg_catalog.pg_replication_origin_status TO rds_superuser');
}

/** A database of the master user's. Furnished, as it comes from template1. */
export async function createDatabase(admin: Client, name: string, owner: string): Promise<void> {
  await admin.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(owner)}`);
}

/** The service's database, with the rdsadmin agent's memory in it. */
export async function createAdminDatabase(admin: Client): Promise<void> {
  await admin.query(`CREATE DATABASE ${escapeIdentifier(ADMIN_DATABASE)}`);
  await admin.query(`REVOKE CONNECT ON DATABASE ${escapeIdentifier(ADMIN_DATABASE)} FROM PUBLIC`);
}
