import { type Client, escapeIdentifier } from 'pg';
import type { PostgresCluster } from './cluster';
import { ADMIN_DATABASE } from './roles';

/** Members, also through other roles, and never the service or a superuser. */
const MEMBERS = `
  WITH RECURSIVE member(oid) AS (
    SELECT m.member FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE g.rolname = 'rds_replication'
    UNION
    SELECT m.member FROM pg_auth_members m JOIN member ON member.oid = m.roleid
  )
  SELECT oid FROM member`;

/** Only what this agent gave is taken back: the master user has the attribute from the start. */
const TO_CHANGE = `
  SELECT true AS give, r.oid, r.rolname AS name FROM pg_roles r
  WHERE r.oid IN (${MEMBERS}) AND NOT r.rolreplication AND NOT r.rolsuper
  UNION ALL
  SELECT false, g.role, r.rolname FROM given_replication g LEFT JOIN pg_roles r ON r.oid = g.role
  WHERE g.role NOT IN (${MEMBERS})`;

interface RoleRow {
  readonly give: boolean;
  readonly oid: number;
  /** null when the role has been dropped. */
  readonly name: string | null;
}

/**
 * Stands for the part of RDS that lets members of rds_replication replicate.
 * PostgreSQL does not inherit the REPLICATION attribute, so this gives it to
 * each member, and takes it back from those who leave. What it gave is
 * remembered in the rdsadmin database, which survives this process.
 */
export class RdsadminAgent {
  private stopped = true;
  private running: Promise<void> = Promise.resolve();
  private client: Client | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly cluster: PostgresCluster,
    /** Milliseconds between two looks. */
    private readonly interval = 250,
  ) {}

  start(): void {
    if (this.stopped) {
      this.stopped = false;
      this.running = this.loop();
    }
  }

  /** Returns when the agent's session is closed. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      try {
        this.client ??= await this.connect();
        await agentStep(this.client);
      } catch {
        // The cluster restarts, or is down: another session at the next look.
        await this.disconnect();
      }
      await this.pause();
    }
    await this.disconnect();
  }

  private async connect(): Promise<Client> {
    const client = await this.cluster.adminClient(ADMIN_DATABASE);
    await client.query('CREATE TABLE IF NOT EXISTS given_replication (role oid PRIMARY KEY)');
    return client;
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.interval);
      this.wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** One look: gives and takes what has changed since the last one. Prepared once, as it is asked again and again. */
async function agentStep(client: Client): Promise<void> {
  const { rows } = await client.query<RoleRow>({ name: 'to-change', text: TO_CHANGE });
  for (const role of rows) await inTransaction(client, role.give ? giving(role) : taking(role));
}

function giving({ oid, name }: RoleRow): Statement[] {
  return [
    [`ALTER ROLE ${escapeIdentifier(name ?? '')} REPLICATION`, []],
    ['INSERT INTO given_replication VALUES ($1) ON CONFLICT DO NOTHING', [oid]],
  ];
}

function taking({ oid, name }: RoleRow): Statement[] {
  const forget: Statement = ['DELETE FROM given_replication WHERE role = $1', [oid]];
  return name === null ? [forget] : [[`ALTER ROLE ${escapeIdentifier(name)} NOREPLICATION`, []], forget];
}

type Statement = readonly [text: string, values: readonly unknown[]];

/**
 * Two sessions that change one role at a time fail with "tuple concurrently
 * updated", and RDS has no agent that anybody could collide with. Under this
 * lock, which logins and reads do not notice, CREATE, ALTER and DROP ROLE wait.
 * The agent gives up soon, so as not to hold others up behind a long transaction.
 */
const ALONE: readonly string[] = [
  "SET LOCAL lock_timeout = '200ms'",
  'LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE',
];

async function inTransaction(client: Client, statements: readonly Statement[]): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const text of ALONE) await client.query(text);
    for (const [text, values] of statements) {
      await client.query(text, [...values]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
