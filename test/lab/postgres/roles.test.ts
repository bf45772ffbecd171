import type { Client } from 'pg';
import { RdsadminAgent } from '../../../lab/postgres/rdsadmin-agent';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';

let test: TestCluster;
let agent: RdsadminAgent;
let master: Client;

beforeAll(async () => {
  test = await startTestCluster({ databases: ['shop', 'copy'], parameters: { wal_level: 'logical' } });
  agent = new RdsadminAgent(test.cluster);
  agent.start();
  test.onStop(() => agent.stop());
  master = await test.connect('shop');
});
afterAll(async () => test.stop());

/** Whether a role may replicate, or undefined when it does not exist. */
async function mayReplicate(role: string): Promise<boolean | undefined> {
  const { rows } = await master.query<{ rolreplication: boolean }>(
    'SELECT rolreplication FROM pg_roles WHERE rolname = $1',
    [role],
  );
  return rows[0]?.rolreplication;
}

describe('what the master user may do', () => {
  it('makes a replication role, comments on it, and drops it', async () => {
    await master.query("CREATE ROLE replicator LOGIN PASSWORD 'secret'");
    await master.query('GRANT rds_replication TO replicator');
    await master.query("COMMENT ON ROLE replicator IS 'ours'");
    await eventually(() => mayReplicate('replicator'));
    const replicator = await test.connect('shop', { user: 'replicator', password: 'secret' });
    await replicator.query("SELECT pg_create_logical_replication_slot('mine', 'pgoutput')");
    await replicator.query("SELECT pg_drop_replication_slot('mine')");
    await replicator.end();
    await master.query('DROP ROLE replicator');
  });

  it('publishes, decodes and sees positions', async () => {
    await master.query('CREATE TABLE item (id int PRIMARY KEY)');
    await master.query('CREATE PUBLICATION acas FOR TABLE item');
    await master.query("COMMENT ON PUBLICATION acas IS 'ours'");
    await master.query("SELECT pg_create_logical_replication_slot('acas', 'pgoutput')");
    const { rows } = await master.query(
      "SELECT confirmed_flush_lsn <= pg_current_wal_lsn() AS known FROM pg_replication_slots WHERE slot_name = 'acas'",
    );
    expect(rows).toEqual([{ known: true }]);
    await master.query("SELECT pg_logical_emit_message(false, 'acas', 'heartbeat')");
  });

  it('subscribes, advances origins, and unsubscribes', async () => {
    const target = await test.connect('copy');
    await target.query('CREATE TABLE item (id int PRIMARY KEY)');
    const conninfo = `host=localhost port=${test.cluster.port} dbname=shop user=master password=x sslmode=verify-full sslrootcert=rds-ca.pem`;
    await target.query(
      `CREATE SUBSCRIPTION acas CONNECTION '${conninfo}' PUBLICATION acas WITH (connect = false, slot_name = 'acas')`,
    );
    await target.query("COMMENT ON SUBSCRIPTION acas IS 'ours'");
    await target.query('SELECT oid, subname, subenabled, subslotname, subpublications FROM pg_subscription');
    await target.query("SELECT pg_replication_origin_advance('pg_' || oid, '0/1234') FROM pg_subscription");
    const progress = await target.query(
      "SELECT pg_replication_origin_progress('pg_' || oid, false)::text AS lsn FROM pg_subscription",
    );
    expect(progress.rows).toEqual([{ lsn: '0/1234' }]);
    expect((await target.query('SELECT remote_lsn::text AS lsn FROM pg_replication_origin_status')).rows).toEqual([
      { lsn: '0/1234' },
    ]);
    await target.query('ALTER SUBSCRIPTION acas SET (slot_name = NONE)');
    await target.query('DROP SUBSCRIPTION acas');
    await target.end();
    await master.query("SELECT pg_drop_replication_slot('acas')");
  });

  it('sees what everybody does, and where they come from', async () => {
    const admin = await test.cluster.adminClient('shop');
    await admin.query('SELECT 4242');
    const { rows } = await master.query<{ query: string }>(
      "SELECT query FROM pg_stat_activity WHERE usename = 'rdsadmin' AND datname = 'shop'",
    );
    expect(rows).toEqual([{ query: 'SELECT 4242' }]);
    await admin.end();
  });

  /** Before 16 only superusers subscribe, so there the lab's master user is one; other members of rds_superuser are not. */
  async function ordinary(): Promise<{ user: string; password: string }> {
    if (from(16)) return test.master;
    const login = { user: 'ordinary', password: 'secret' };
    await master.query(`DO $$ BEGIN CREATE ROLE ordinary LOGIN CREATEROLE PASSWORD 'secret' IN ROLE rds_superuser;
                        EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    return login;
  }

  it.each([
    ['read password hashes', 'SELECT rolpassword FROM pg_authid'],
    ['read the passwords of subscriptions', 'SELECT subconninfo FROM pg_subscription'],
    ['become superuser', 'ALTER ROLE master SUPERUSER'],
    ['change server settings', "ALTER SYSTEM SET work_mem = '1MB'"],
    ['run programs', "COPY (SELECT 1) TO PROGRAM 'cat'"],
  ])('may not %s', async (_, sql) => {
    const client = await test.connect('shop', await ordinary());
    await expect(client.query(sql)).rejects.toThrow(/permission denied|must be (a )?superuser/);
  });

  it("may not enter the service's own database", async () => {
    const refusal = 'permission denied for database "rdsadmin"';
    await expect(test.connect('rdsadmin', await ordinary())).rejects.toThrow(refusal);
  });
});

describe('the rdsadmin agent', () => {
  it('takes back what it gave when a member leaves, also through another role, and after a restart of both', async () => {
    await master.query('CREATE ROLE readers NOLOGIN');
    await master.query('CREATE ROLE leaver LOGIN IN ROLE readers');
    await master.query('GRANT rds_replication TO readers');
    await eventually(() => mayReplicate('leaver'));
    await agent.stop();
    await master.query('REVOKE readers FROM leaver');
    expect(await mayReplicate('leaver')).toBe(true);
    agent = new RdsadminAgent(test.cluster);
    agent.start();
    await eventually(async () => (await mayReplicate('leaver')) === false);
    expect(await mayReplicate('readers')).toBe(true);
  });

  it('leaves alone what it did not give', async () => {
    await master.query('CREATE ROLE own LOGIN REPLICATION IN ROLE rds_replication');
    await master.query('REVOKE rds_replication FROM own');
    await master.query('CREATE ROLE marker LOGIN IN ROLE rds_replication');
    await eventually(() => mayReplicate('marker'));
    await master.query('REVOKE rds_replication FROM marker');
    await eventually(async () => (await mayReplicate('marker')) === false);
    expect(await mayReplicate('own')).toBe(true);
    expect(await mayReplicate('master')).toBe(true);
    expect(await mayReplicate('rdsadmin')).toBe(true);
  });

  it('forgets roles that are dropped', async () => {
    await master.query('CREATE ROLE gone LOGIN IN ROLE rds_replication');
    await eventually(() => mayReplicate('gone'));
    await master.query('DROP ROLE gone');
    const admin = await test.cluster.adminClient('rdsadmin');
    await eventually(async () => {
      const left = await admin.query(
        'SELECT 1 FROM given_replication g WHERE NOT EXISTS (SELECT FROM pg_roles WHERE oid = g.role)',
      );
      return left.rowCount === 0;
    });
    await admin.end();
  });

  it('goes on after a restart of the server', async () => {
    await test.cluster.restart();
    master = await test.connect('shop');
    await master.query('CREATE ROLE afterwards LOGIN IN ROLE rds_replication');
    await eventually(() => mayReplicate('afterwards'));
  });
});
