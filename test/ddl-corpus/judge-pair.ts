import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startTestCluster, type TestCluster } from '../support/postgres';

const PARAMETERS = {
  wal_level: 'logical',
  wal_retrieve_retry_interval: '100ms',
  max_logical_replication_workers: '10',
  max_worker_processes: '20',
  autovacuum: 'off',
  wal_writer_delay: '10ms',
};
const TABLES = ['customers', 'orders', 'items', 'visits', 'log_lines', 'codes'];
const MOVES: Readonly<Record<string, string>> = {
  customers: 'name',
  orders: 'note',
  items: 'price',
  visits: 'page',
  log_lines: 'line',
  codes: 'label',
};
const PATIENCE_MS = 60_000;

/** Two servers of the lab, and on them databases that follow one another: made without anything of the product. */
export class JudgePair {
  private count = 0;

  private constructor(
    private readonly servers: readonly [TestCluster, TestCluster],
    private readonly admins: readonly [Client, Client],
    private readonly major: number,
  ) {}

  static async start(major: number): Promise<JudgePair> {
    const first = await startTestCluster({ databases: [], parameters: PARAMETERS, major });
    const second = await startTestCluster({ databases: [], parameters: PARAMETERS, major });
    const admins = [await first.cluster.adminClient(), await second.cluster.adminClient()] as const;
    first.onStop(() => admins[0].end());
    second.onStop(() => admins[1].end());
    const pair = new JudgePair([first, second], admins, major);
    for (const side of [0, 1] as const) await pair.furnish(side);
    return pair;
  }

  private async furnish(side: 0 | 1): Promise<void> {
    await this.admins[side].query('CREATE DATABASE judge_base TEMPLATE template0');
    await this.admins[side].query(`CREATE ROLE judge SUPERUSER LOGIN PASSWORD 'judge'`);
    const client = await this.connect(side, 'judge_base');
    for (const file of ['schema.sql', 'rows.sql']) await client.query(readFileSync(join(__dirname, file), 'utf8'));
    await client.query('CREATE SCHEMA judging; CREATE TABLE judging.beats (n int PRIMARY KEY)');
    // A clone that has followed for a while: its rows lie in another order, its sequences stand elsewhere.
    if (side === 1)
      for (const table of TABLES)
        await client.query(`UPDATE ${table} SET ${MOVES[table]} = ${MOVES[table]} WHERE ctid < '(0,7)'`);
    else await client.query(`SELECT nextval('tickets'), nextval('orders_id_seq')`);
    await client.query(
      `CREATE PUBLICATION judged FOR TABLE ${TABLES.map((name) => `ONLY ${name}`).join(', ')}, judging.beats`,
    );
    await client.end();
  }

  private connect(side: 0 | 1, database: string): Promise<Client> {
    return this.servers[side].cluster.connect({ user: 'judge', password: 'judge', database });
  }

  /** A new pair of databases that follow one another. */
  async follow(): Promise<Following> {
    const name = `judged_${++this.count}`;
    for (const admin of this.admins)
      await admin.query(`CREATE DATABASE ${name} TEMPLATE judge_base${this.major < 15 ? '' : ' STRATEGY file_copy'}`);
    const [source, clone] = [await this.connect(0, name), await this.connect(1, name)];
    const where = `host=127.0.0.1 port=${this.servers[0].cluster.port} user=judge password=judge dbname=${name} sslmode=require`;
    await clone.query(
      `CREATE SUBSCRIPTION ${name} CONNECTION '${where}' PUBLICATION judged WITH (copy_data = false, synchronous_commit = on)`,
    );
    return new Following(name, source, clone, this.admins, this.major);
  }

  async stop(): Promise<void> {
    for (const server of this.servers) await server.stop();
  }
}

export class Following {
  constructor(
    readonly name: string,
    readonly source: Client,
    readonly clone: Client,
    private readonly admins: readonly [Client, Client],
    private readonly major: number,
  ) {}

  /** Whether the clone gets to where the source is; what stops it is counted by the server. */
  async catchesUp(): Promise<boolean> {
    const beat = ++this.beats;
    const errors = await this.errors();
    await this.source.query('INSERT INTO judging.beats VALUES ($1)', [beat]);
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      const { rows } = await this.clone.query('SELECT FROM judging.beats WHERE n = $1', [beat]);
      if (rows.length > 0) return true;
      if ((await this.errors()) >= errors + 2) return false;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return false;
  }

  private beats = 0;
  private readonly workers = new Set<number>();

  /** Before 15 no server counts them: a worker that fails is another process each time. */
  private async errors(): Promise<number> {
    if (this.major < 15) {
      const { rows } = await this.admins[1].query<{ pid: number | null }>(
        'SELECT pid FROM pg_stat_subscription WHERE subname = $1',
        [this.name],
      );
      for (const { pid } of rows) if (pid !== null) this.workers.add(pid);
      return this.workers.size;
    }
    const { rows } = await this.admins[1].query<{ count: string }>(
      'SELECT apply_error_count AS count FROM pg_stat_subscription_stats WHERE subname = $1',
      [this.name],
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** The subscription belongs to a role that is no superuser and may what the owner of the tables may, as on a service. */
  async ownedByNobodySpecial(): Promise<void> {
    const { clone, name } = this;
    // A worker that was asked for before starts as the owner of then.
    await this.catchesUp();
    await clone.query(`ALTER SUBSCRIPTION ${name} DISABLE`);
    await clone.query('CREATE ROLE judge_owner; CREATE ROLE judge_worker SUPERUSER LOGIN IN ROLE judge_owner');
    await clone.query('GRANT USAGE ON SCHEMA judging TO judge_worker');
    for (const table of [...TABLES, 'visits_2025', 'visits_2026', 'judging.beats'])
      await clone.query(`ALTER TABLE ${table} OWNER TO judge_owner`);
    if (this.major >= 16) await clone.query(`ALTER SUBSCRIPTION ${name} SET (password_required = false)`);
    await clone.query(`ALTER SUBSCRIPTION ${name} OWNER TO judge_worker`);
    await clone.query('ALTER ROLE judge_worker NOSUPERUSER');
    await clone.query(`ALTER SUBSCRIPTION ${name} ENABLE`);
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      const { rows } = await clone.query<{ user: string }>(
        `SELECT usename::text AS "user", CASE usename WHEN 'judge_worker' THEN false ELSE pg_terminate_backend(pid) END
           FROM pg_stat_activity WHERE datname = current_database() AND backend_type ~ '^logical replication'`,
      );
      if (rows.length > 0 && rows.every(({ user }) => user === 'judge_worker')) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the worker does not run as judge_worker');
  }

  /** It may act as whoever owns a table by now. */
  async ownedByWhoMayBecomeThem(): Promise<void> {
    const { rows } = await this.clone.query<{ owner: string }>(
      `SELECT DISTINCT format('%I', tableowner) AS owner FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tableowner <> 'judge'`,
    );
    for (const { owner } of rows) await this.clone.query(`GRANT ${owner} TO judge_worker`);
  }

  async refreshed(): Promise<void> {
    await this.clone.query(`ALTER SUBSCRIPTION ${this.name} REFRESH PUBLICATION WITH (copy_data = true)`);
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
      const { rows } = await this.clone.query(`SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r'`);
      if (rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async end(): Promise<void> {
    const [first, second] = this.admins;
    await this.clone.query('ROLLBACK');
    await this.clone.query(`ALTER SUBSCRIPTION ${this.name} DISABLE`);
    await this.clone.query(`ALTER SUBSCRIPTION ${this.name} SET (slot_name = NONE)`);
    await this.clone.query(`DROP SUBSCRIPTION ${this.name}`);
    await Promise.all([this.source.end(), this.clone.end()]);
    for (;;) {
      const { rows } = await first.query<{ pid: number | null }>(
        `SELECT pg_terminate_backend(active_pid), active_pid AS pid FROM pg_replication_slots WHERE slot_name = $1`,
        [this.name],
      );
      if (rows.every(({ pid }) => pid === null)) break;
    }
    await first.query(`SELECT pg_drop_replication_slot($1)`, [this.name]);
    for (const admin of [first, second]) {
      await admin.query(`DROP DATABASE ${this.name} WITH (FORCE)`);
      await admin.query('DROP ROLE IF EXISTS auditor, judge_worker, judge_owner');
    }
  }
}
