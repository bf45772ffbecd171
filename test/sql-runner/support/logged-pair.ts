import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { causesIn } from '../../../sql-runner/checks/log-causes';
import type { StreamCause } from '../../../sql-runner/model/stream-cause';
import { isDeletableByKey, knownSubscriptions } from '../../../sql-runner/postgres/catalog/apply-workers';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { eventually } from '../../support/eventually';
import { conninfo } from './clone-pair';
import { ConnectedPair, PAIR_PARAMETERS } from './connected-pair';

/** A cause that is brought about on real servers, and what the log must tell of it. */
export interface LogRow {
  readonly kind: StreamCause['kind'];
  readonly what: string;
  bringAbout(pair: LoggedPair): Promise<unknown>;
  readonly told: Partial<StreamCause>;
  /** Absent: by the printed statement. */
  heal?(pair: LoggedPair): Promise<unknown>;
}

export const LOGIN = { user: 'acas_demo', password: 'Of-the-role-1' };
export const END_WORKER = 'SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL';

/** A clone that follows by a role of its own, and what its log says of its stream. */
export class LoggedPair {
  /** Of the last order that was written. */
  id = 0;
  private other: Client | null = null;

  private constructor(
    readonly world: ConnectedPair,
    /** On the source. */
    readonly admin: Client,
  ) {}

  static async start(ddl: string): Promise<LoggedPair> {
    const world = await ConnectedPair.start(ddl, PAIR_PARAMETERS);
    const admin = await world.test.cluster.adminClient('shop');
    world.test.onStop(() => admin.end());
    await admin.query(`ALTER ROLE acas_demo REPLICATION PASSWORD ${quoteLiteral(LOGIN.password)}`);
    await world.follow(LOGIN);
    return new LoggedPair(world, admin);
  }

  write(note: string | null = 'written'): Promise<unknown> {
    const row = [(this.id += 1), note, `${this.id}@example.com`];
    return this.world.source.query('INSERT INTO orders VALUES ($1, $2, $3)', row);
  }

  onClone(sql: string): Promise<unknown> {
    return this.world.cloneAdmin.query(sql);
  }

  reconnect(): Promise<unknown> {
    return this.admin.query(
      `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = 'acas_demo_shop'`,
    );
  }

  /** Of what stands twice in a conninfo the last counts. */
  connection(changes: Readonly<Record<string, string>>): Promise<unknown> {
    const more = Object.entries(changes).map(([name, value]) => `${name}='${value}'`);
    const text = [conninfo(this.world.test, 'shop', LOGIN), ...more].join(' ');
    return this.onClone(`ALTER SUBSCRIPTION acas_demo_shop CONNECTION ${quoteLiteral(text)}`);
  }

  async rewriteHba(change: (text: string) => string): Promise<void> {
    const file = join(this.world.test.cluster.dataDirectory, 'pg_hba.conf');
    await writeFile(file, change(await readFile(file, 'utf8')));
    await this.admin.query('SELECT pg_reload_conf()');
  }

  /** As one who reads changes by hand. */
  async takeSlot(): Promise<void> {
    this.other = await eventually(() => this.tryTakingSlot());
  }

  async giveSlot(): Promise<void> {
    await this.other?.end().catch(() => undefined);
  }

  /** @returns null while the worker still has it */
  private async tryTakingSlot(): Promise<Client | null> {
    const { master, cluster } = this.world.test;
    const place = { host: 'localhost', port: cluster.port, database: 'shop', ssl: { rejectUnauthorized: false } };
    const client = new Client({ ...master, ...place, replication: 'database' } as object);
    client.on('error', () => undefined);
    await client.connect();
    void client
      .query(
        `START_REPLICATION SLOT acas_demo_shop LOGICAL 0/0 (proto_version '1', publication_names 'acas_demo_shop')`,
      )
      .catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { rows } = await this.admin.query(
      `SELECT FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid WHERE a.usename = $1`,
      [master.user],
    );
    if (rows.length > 0) return client;
    await client.end();
    return null;
  }

  /** Waits until the log from there on tells a cause of the kind. */
  async causeSince(since: number, kind: StreamCause['kind']): Promise<StreamCause> {
    const session = await this.world.session('target');
    try {
      return await eventually(async () => {
        const known = await knownSubscriptions(session);
        const place = { subscription: 'acas_demo_shop', database: 'shop', worker: null };
        const stream = { ...place, stays: false, read: false, confirmedLsn: null };
        const moment = { lookedAt: Date.parse(known[0]!.readAt), retryMs: 100 };
        const cause = causesIn(this.world.log().slice(since), known, [stream], moment).get('acas_demo_shop');
        if (cause?.kind !== kind) return null;
        const { table, constraint } = cause;
        if (table === null || constraint === null) return cause;
        return { ...cause, deletable: await isDeletableByKey(session, table, constraint) };
      }, 20_000);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.world.log().slice(since).slice(-3_000)}`);
    } finally {
      await session.close();
    }
  }
}
