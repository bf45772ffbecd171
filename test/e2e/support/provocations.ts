import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { connectBy, inSession } from '../../../lab/connections';
import { loseWal as loseWalOf } from '../../../lab/lose-wal';
import { clientOf, terraformAs } from '../../lab/aws/support';
import type { DirectLab } from './direct-lab';

/** Runs the statements on a session, which it ends. @returns the rows of the last one */
export async function execute(client: Client, statements: readonly string[]): Promise<Record<string, unknown>[]> {
  try {
    let answer: Record<string, unknown>[] = [];
    for (const statement of statements) answer = (await client.query<Record<string, unknown>>(statement)).rows;
    return answer;
  } finally {
    await client.end();
  }
}

/** Workers of the clone connect again at once, and not after PostgreSQL's five seconds. */
export async function reconnectSooner({ lab }: DirectLab): Promise<void> {
  const admin = connectBy((database) => lab.adminConnection('clone', database));
  await execute(await admin('shop'), [
    `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`,
    'SELECT pg_reload_conf()',
  ]);
}

/** A secret in the target account that holds the value. @returns its ARN */
export async function secretInTarget(world: DirectLab, value: string): Promise<string> {
  const { accountId } = world.contract.targetAccount;
  const { arn } = await terraformAs(world.lab, accountId)('create', 'aws_secretsmanager_secret', { name: 'alias' });
  const client = new SecretsManagerClient(clientOf(world.lab, accountId));
  await client.send(new PutSecretValueCommand({ SecretId: String(arn), SecretString: value }));
  return String(arn);
}

/** The secret of the replication role has another password than the role. */
export async function storeOtherPassword({ lab, contract }: DirectLab): Promise<void> {
  const client = new SecretsManagerClient(clientOf(lab, contract.account.accountId));
  const SecretString = JSON.stringify({ username: contract.replication.role, password: 'not-yet-on-the-role' });
  await client.send(new PutSecretValueCommand({ SecretId: contract.replication.secretArn, SecretString }));
}

/** Somebody else's subscriber: reads from the slot and confirms nothing, until its session is terminated. */
export async function startReader(
  world: DirectLab,
  slot: string,
  place: { connection: object; publication: string } = {
    connection: world.lab.sourceConnection('shop'),
    publication: slot,
  },
): Promise<Client> {
  const reader = new Client({ ...place.connection, replication: 'database' } as object);
  reader.on('error', () => undefined);
  await reader.connect();
  const { connection } = reader as unknown as { connection: NodeJS.EventEmitter };
  const started = new Promise((resolve) => connection.once('replicationStart', resolve));
  const options = `proto_version '1', publication_names '${place.publication}'`;
  reader.query(`START_REPLICATION SLOT ${slot} LOGICAL 0/0 (${options})`).catch(() => undefined);
  await started;
  return reader;
}

/** Lets the source throw away WAL that the slot needs, and gives it its settings back. */
export const loseWal = (world: DirectLab, slot: string): Promise<void> =>
  inSession(world.lab.adminConnection('source', 'shop'), (admin) => loseWalOf(admin, slot));

const SEED = 'pg_catalog.aurora_volume_logical_start_lsn';
const SYSTEM_TABLES = 'SET allow_system_table_mods = on';

/** What a clone that was replaced meanwhile would say of itself. */
export const SEED_OF_ANOTHER = [
  SYSTEM_TABLES,
  `ALTER FUNCTION ${SEED}() RENAME TO hidden`,
  `CREATE FUNCTION ${SEED}() RETURNS pg_lsn LANGUAGE sql AS $$SELECT '0/1'::pg_lsn$$`,
];
export const SEED_AS_BEFORE = [
  SYSTEM_TABLES,
  `DROP FUNCTION ${SEED}()`,
  'ALTER FUNCTION pg_catalog.hidden() RENAME TO aurora_volume_logical_start_lsn',
];
