import { troubleIn } from '../../sql-runner/support/trouble';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { connectBy } from '../../../lab/connections';
import { readLogin } from '../../../sql-runner/aws/secrets';
import type { Finding } from '../../../sql-runner/model/change';
import { Connections } from '../../../sql-runner/connections/connections';
import { isHealthy } from '../../../sql-runner/actions/doctor';
import type { EngineEvent } from '../../../sql-runner/model/events';
import type { Plan } from '../../../sql-runner/model/plan';
import { isFollowing } from '../../../sql-runner/actions/status';
import { formatConninfo } from '../../../sql-runner/postgres/text/conninfo';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { planText } from '../../../sql-runner/render/plan-text';
import { styleFor } from '../../../sql-runner/render/style';
import { eventually } from '../../support/eventually';
import { diagnosisOf, looksOf, statusOf } from './looks';
import { DirectLab, refusalOf } from './direct-lab';
import { execute } from './provocations';
import { compareRows } from './row-comparison';
import { PATIENCE_MS } from '../../support/patience';

export const SUBSCRIPTION = 'acas_demo_shop';
export const ROLE = 'acas_demo';
export const alter = (clause: string): string => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;
/** How a run of apply ends that puts everything right. */
export const IN_SYNC = ['nothing was refused', true];

/** What a plan does but for comparing rows. */
export const repairs = ({ changes }: Plan): string[] =>
  changes.map(({ id }) => id).filter((id) => !id.includes('/continuity/'));

type Side = 'source' | 'clone';

/** A clone that follows, of which a test alters what sql-runner made. Statements are of database shop. */
export class AlteredLab {
  /** Of the row that was written last. */
  id = 0;

  private constructor(readonly world: DirectLab) {}

  static async start(name: string): Promise<AlteredLab> {
    const lab = new AlteredLab(await DirectLab.start(name, { databases: ['shop'] }));
    const { world } = lab;
    await lab.onSource('CREATE TABLE orders (id bigint PRIMARY KEY)', 'CREATE TABLE aside (id bigint PRIMARY KEY)');
    await world.run('apply');
    await world.deployTarget();
    await lab.asAdmin('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`, 'SELECT pg_reload_conf()');
    await world.run('apply');
    await lab.onSource('CREATE PUBLICATION aside FOR TABLE aside');
    return lab;
  }

  down(): Promise<void> {
    return this.world.lab.down();
  }

  onSource = async (...statements: string[]) => execute(await this.world.source('shop'), statements);
  onClone = async (...statements: string[]) => execute(await this.world.clone('shop'), statements);
  /** As the superuser that nobody but the lab is. */
  asAdmin = async (side: Side, ...statements: string[]) => execute(await this.admin(side), statements);

  async asSuperuser(side: Side, work: (admin: Client) => Promise<void>): Promise<void> {
    const admin = await this.admin(side);
    await work(admin).finally(() => admin.end());
  }

  private admin(side: Side): Promise<Client> {
    return connectBy((database) => this.world.lab.adminConnection(side, database))('shop');
  }

  write(): Promise<unknown> {
    return this.onSource(`INSERT INTO orders VALUES (${++this.id})`);
  }

  /** As only a subscription that is disabled can be altered. */
  async disabled(...clauses: string[]): Promise<void> {
    await this.onClone(alter('DISABLE'), ...clauses.map(alter), alter('ENABLE'));
  }

  /** One that no count on its way still changes: a session writes what it counted only as it ends. */
  async settledPlan(): Promise<Plan> {
    const text = ({ fingerprint, changes }: Plan) => JSON.stringify([fingerprint, changes]);
    let last = await this.world.plan();
    await eventually(async () => {
      const before = text(last);
      last = await this.world.plan();
      return text(last) === before;
    });
    return last;
  }

  /**
   * What plan, doctor and status say of it: none that all is well. They are asked until each names it: between two
   * tries of a worker that fails another condition may be what they see.
   */
  async expectSaid(code: string, seen: RegExp): Promise<{ plan: Plan; finding: Finding }> {
    const said = await eventually(async () => {
      const { plan, diagnosis, status } = await looksOf(this.world);
      expect(planText(plan, styleFor(process.stdout, true))).not.toMatch(/No changes\./);
      expect([isHealthy(diagnosis), isFollowing(status)]).toEqual([false, false]);
      const finding = plan.findings.find((one) => one.code === code);
      const found = diagnosis.results.some((result) => result.code === code && result.status === 'fail');
      return finding !== undefined && found && troubleIn(status.streams[0]!)?.includes(code) && { plan, finding };
    });
    expect(said.finding.seen).toMatch(seen);
    return said;
  }

  /** What makes doctor say that not all is well. */
  async failures(): Promise<Finding[]> {
    const { results } = await diagnosisOf(this.world);
    return results.filter(({ status }) => status === 'fail').flatMap(({ findings }) => findings);
  }

  async isFollowing(): Promise<boolean> {
    return isFollowing(await statusOf(this.world));
  }

  /** How a run of apply ends, and whether it says that the clone is in sync. */
  async applied(): Promise<[code: string, inSync: boolean]> {
    const events: EngineEvent[] = [];
    const more = { listener: (event: EngineEvent) => void events.push(event), syncTimeoutMs: PATIENCE_MS };
    return [await refusalOf(this.world.run('apply', more)), events.some(({ type }) => type === 'in-sync')];
  }

  /** The stream runs, every row is equal by code that shares nothing with verify, and nothing is found or planned. */
  async expectWell(): Promise<void> {
    await this.write();
    await this.arrives();
    expect((await compareRows(this.world.source, this.world.clone, 'shop')).differences).toEqual([]);
    const plan = await this.world.plan();
    expect([plan.changes, plan.findings]).toEqual([[], []]);
  }

  async arrives(): Promise<void> {
    await eventually(async () => (await this.onClone(`SELECT FROM orders WHERE id = ${this.id}`)).length === 1);
  }

  /** Gives the clone the rows that it lacks. @returns how many */
  async giveBack(): Promise<number> {
    const there = new Set((await this.onClone('SELECT id::text FROM orders')).map((row) => row.id));
    const missing = (await this.onSource('SELECT id::text FROM orders')).filter((row) => !there.has(row.id));
    for (const row of missing) await this.onClone(`INSERT INTO orders VALUES (${String(row.id)})`);
    return missing.length;
  }

  /** Another connection of the subscription: the master user's, unless `parts` say otherwise. */
  async reconnect(parts: Record<string, string | number>): Promise<void> {
    const { host, port, user, password } = this.world.lab.sourceConnection('shop');
    const own = { host: host!, port: port!, dbname: 'shop', user: user!, password: password as string };
    const conninfo = formatConninfo({ ...own, sslmode: 'verify-full', sslrootcert: 'rds-ca.pem', ...parts });
    await this.onClone(alter(`CONNECTION ${quoteLiteral(conninfo)}`));
  }

  /** Of the clone's own master user. */
  cloneLogin(): { port: number; user: string; password: string } {
    const { port, user, password } = this.world.lab.cloneConnection('shop');
    return { port: port!, user: user!, password: password as string };
  }

  async roleLogin(): Promise<{ user: string; password: string }> {
    const connections = new Connections(this.world.contracts);
    const login = await readLogin(connections.sourceAccount, this.world.contract.replication.secretArn);
    await connections.close();
    return { user: login!.username, password: login!.password };
  }

  async allowWithoutTls(): Promise<void> {
    const [row] = await this.asAdmin('source', 'SHOW data_directory');
    const file = join(String(row!.data_directory), 'pg_hba.conf');
    await appendFile(file, 'hostnossl all all 127.0.0.1/32 scram-sha-256\n');
    await this.asAdmin('source', 'SELECT pg_reload_conf()');
  }
}
