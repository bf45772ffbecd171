import type { Client } from 'pg';
import { quoteIdent, quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { formatConninfo } from '../../../sql-runner/postgres/text/conninfo';
import type { Session } from '../../../sql-runner/postgres/session';
import type { VerifyInput } from '../../../sql-runner/verify/types';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

export const SLOT = 'verify_slot';
export const SUBSCRIPTION = 'verify_subscription';

/** Two databases of one cluster, the second fed by a real subscription from the first. */
export interface ReplicatedPair {
  readonly test: TestCluster;
  /** Master user on the source; may write. */
  readonly source: Client;
  /** Superuser on the target, whose changes look like replicated ones: no trigger fires. */
  readonly target: Client;
  readonly sessions: Pick<VerifyInput, 'openSource' | 'openTarget' | 'slotName' | 'database'>;
}

/** `ddl` runs on both sides before anything is published. */
export async function startReplicatedPair(ddl: string): Promise<ReplicatedPair> {
  const test = await startTestCluster({
    databases: ['shop', 'copy'],
    parameters: { wal_level: 'logical' },
  });
  return connectPair(test, ddl).catch(async (error: unknown) => {
    await test.stop();
    throw error;
  });
}

async function connectPair(test: TestCluster, ddl: string): Promise<ReplicatedPair> {
  const source = await test.connect('shop');
  const copy = await test.connect('copy');
  for (const side of [source, copy]) await side.query(ddl);
  await publishAll(source);
  // A subscription to its own cluster must not create its slot itself: it would wait for its own transaction.
  await source.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [SLOT]);
  await copy.query(
    `CREATE SUBSCRIPTION ${SUBSCRIPTION} CONNECTION ${quoteLiteral(conninfo(test))} PUBLICATION everything
       WITH (create_slot = false, slot_name = ${quoteLiteral(SLOT)}, copy_data = false)`,
  );
  const target = await test.cluster.adminClient('copy');
  test.onStop(() => target.end());
  await target.query('SET session_replication_role = replica');
  test.onStop(async () => {
    await target.query(`ALTER SUBSCRIPTION ${SUBSCRIPTION} DISABLE`);
  });
  return { test, source, target, sessions: sessionsOf(test) };
}

async function publishAll(source: Client): Promise<void> {
  const { rows } = await source.query<{ schema: string; name: string }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const tables = rows.map(({ schema, name }) => `${quoteIdent(schema)}.${quoteIdent(name)}`);
  await source.query(`CREATE PUBLICATION everything FOR TABLE ${tables.join(', ')}`);
}

function conninfo(test: TestCluster): string {
  const { user, password } = test.master;
  const place = { host: 'localhost', port: test.cluster.port, dbname: 'shop' };
  return formatConninfo({ ...place, user, password, sslmode: 'verify-full', sslrootcert: 'rds-ca.pem' });
}

function sessionsOf(test: TestCluster): ReplicatedPair['sessions'] {
  const open = (database: string, side: 'source' | 'target'): Promise<Session> =>
    openSession(targetOf(test, database, side));
  return {
    database: 'shop',
    slotName: SLOT,
    openSource: () => open('shop', 'source'),
    openTarget: () => open('copy', 'target'),
  };
}
