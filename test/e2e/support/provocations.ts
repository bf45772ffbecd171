import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { connectBy } from '../../../lab/demo/connections';
import { clientOf, terraformAs } from '../../lab/aws/support';
import { eventually } from '../../support/eventually';
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

/** A secret in the target account that holds the value. @returns its ARN */
export async function secretInTarget(world: DirectLab, value: string): Promise<string> {
  const { accountId } = world.contract.targetAccount;
  const { arn } = await terraformAs(world.lab, accountId)('create', 'aws_secretsmanager_secret', { name: 'alias' });
  const client = new SecretsManagerClient(clientOf(world.lab, accountId));
  await client.send(new PutSecretValueCommand({ SecretId: String(arn), SecretString: value }));
  return String(arn);
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
export async function loseWal(world: DirectLab, slot: string): Promise<void> {
  const admin = async (...statements: string[]) =>
    execute(await connectBy((database) => world.lab.adminConnection('source', database))('shop'), statements);
  const limits = { max_slot_wal_keep_size: '1MB', wal_keep_size: '0', min_wal_size: '32MB', max_wal_size: '32MB' };
  for (const [name, value] of Object.entries(limits)) await admin(`ALTER SYSTEM SET ${name} = '${value}'`);
  await admin('SELECT pg_reload_conf()');
  await eventually(async () => {
    await admin(
      'CREATE TABLE public.filler (id int)',
      'DROP TABLE public.filler',
      'SELECT pg_switch_wal()',
      'CHECKPOINT',
    );
    const [row] = await admin(`SELECT wal_status FROM pg_replication_slots WHERE slot_name = '${slot}'`);
    return row?.wal_status === 'lost';
  });
  await admin('ALTER SYSTEM RESET ALL');
  await admin('SELECT pg_reload_conf()');
}

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
