import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Budget } from '../../contract/contract';
import { streamNames } from '../../contract/naming';
import { connectBy } from '../../lab/connections';
import type { Side } from '../../lab/lab';
import { startServer, stopServer } from '../../lab/postgres/server-process';
import { serverOf, startServers } from '../../lab/servers';
import { Beats } from '../../sql-runner/actions/beats';
import { openConnections } from '../../sql-runner/connections/open';
import type { PlanMode } from '../../sql-runner/model/plan';
import { DirectLab } from '../e2e/support/direct-lab';
import { execute } from '../e2e/support/provocations';
import { serve } from '../lab/operators/served';
import { WarmSessions } from '../e2e/support/warm-sessions';
import { eventually } from '../support/eventually';

export const SUBSCRIPTION = 'acas_demo_shop';
export const ROLE = 'acas_demo';

/** Tables of database shop, small, and with what there is to break. */
const TABLES = [
  'CREATE TABLE orders (id bigint PRIMARY KEY, note text, extra integer)',
  'CREATE TABLE lines (id bigint PRIMARY KEY, orders_id bigint, amount integer)',
  'CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY LIST (id)',
  'CREATE TABLE part_1 PARTITION OF parts FOR VALUES IN (1)',
];

/** A copy that follows, with `serve` beside it, of which rows of the table break and heal something. */
export class BrokenWorld {
  /** Of the row of `orders` that was written last. */
  id = 0;

  /** Of what would be in the way of taking the lab down. */
  readonly endings: (() => unknown)[] = [];

  private constructor(
    readonly lab: DirectLab,
    private readonly warm: WarmSessions,
    /** How many times as long it takes as with one database. */
    readonly slower: number,
    /** Nothing else is at work on the machine: times are held to their limits by the clock. */
    readonly quiet: boolean,
    public served: Awaited<ReturnType<typeof serve>>,
  ) {}

  /** One that follows. */
  static async start(name: string, databases = 1, quiet = false): Promise<BrokenWorld> {
    const world = await BrokenWorld.unprepared(name, databases, quiet);
    await world.lab.run('apply');
    await world.deploy();
    await world.lab.run('apply');
    return world;
  }

  /** Production alone, of which nothing was made yet. */
  static async unprepared(name: string, databases = 1, quiet = false): Promise<BrokenWorld> {
    const warm = new WarmSessions();
    const lab = await DirectLab.start(name, { databases: ['shop'], streams: databases, open: warm.open });
    try {
      await execute(await lab.source('shop'), TABLES);
      await addDatabases(lab, databases - 1);
      return new BrokenWorld(lab, warm, databases > 2 ? 4 : 1, quiet, await serve(lab));
    } catch (error) {
      await lab.lab.down();
      throw error;
    }
  }

  async down(): Promise<void> {
    for (const end of this.endings) end();
    await this.served.stop();
    await this.lab.lab.down();
  }

  /**
   * What a worker has failed at is seen sooner where it begins again at once. Of many that are broken together not as soon:
   * starting all of them five times a second leaves the machine no time for anything else.
   */
  async hurry(): Promise<void> {
    await this.beside('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '${200 * this.slower}ms'`);
    await this.beside('clone', 'SELECT pg_reload_conf()');
  }

  /** As `make a new clone` is printed. */
  async newClone(): Promise<void> {
    await this.follow(['reset', 'demo']);
    await this.deploy();
    await this.follow(['apply', 'demo']);
  }

  /** `cdktf deploy demo-target`. */
  async deploy(): Promise<void> {
    await this.endSessions();
    await this.lab.deployTarget();
    await this.hurry();
  }

  /** A run of sql-runner by its words, of which an error is for whoever looks afterwards. */
  follow = ([verb, , ...options]: readonly string[]): Promise<string> =>
    this.lab
      .run(verb as PlanMode, { allowReboot: options.includes('--allow-reboot'), syncTimeoutMs: 20_000 })
      .catch((error: { code?: string; message?: string }) => error.code ?? String(error.message));

  /** Sessions that only read would be in the way of whoever drops a database. */
  endSessions = (): Promise<void> => this.warm.end();

  /** `while nobody is connected to it`: serve is not, either. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    await this.served.stop();
    await this.endSessions();
    return work().finally(async () => (this.served = await serve(this.lab)));
  }

  /** Serve has seen that it follows. */
  servedWell = (): Promise<unknown> => eventually(async () => (await this.served.healthy())[0] === true);

  /** As a deploy of another environment file. */
  async setBudget(budget: Budget | null): Promise<void> {
    Object.assign(this.lab.contract, { budget });
    await this.served.stop();
    this.served = await serve(this.lab, budget);
  }

  onSource = async (...statements: string[]) => execute(await this.lab.source('shop'), statements);
  onClone = async (...statements: string[]) => execute(await this.lab.clone('shop'), statements);
  /** As the superuser that nobody but the lab is, in a database of the side. */
  asAdmin = async (side: Side, ...statements: string[]) => execute(await this.admin(side), statements);
  admin = (side: Side, database = 'shop'): Promise<Client> =>
    connectBy((name) => this.lab.lab.adminConnection(side, name))(database);
  /** In the database that every server has. */
  beside = async (side: Side, ...statements: string[]) => execute(await this.admin(side, 'postgres'), statements);

  /** Production writes a row. */
  write = (note = "'written'", extra = 'NULL'): Promise<unknown> =>
    this.onSource(`INSERT INTO orders VALUES (${++this.id}, ${note}, ${extra})`);

  /** As `sql-runner serve` writes one every 30 s. */
  async beat(): Promise<void> {
    const connections = openConnections(this.lab.contracts);
    await new Beats(0).write(connections, new Set()).finally(() => connections.close());
  }

  arrives = (): Promise<unknown> =>
    eventually(async () => (await this.onClone(`SELECT FROM orders WHERE id = ${this.id}`)).length === 1);

  /** What the clone has applied, and will never ask for again. */
  async confirmed(): Promise<void> {
    const [row] = await this.onSource('SELECT pg_current_wal_flush_lsn()::text AS lsn');
    const slot = `SELECT FROM pg_replication_slots WHERE slot_name = '${SUBSCRIPTION}'`;
    await eventually(
      async () => (await this.onSource(`${slot} AND confirmed_flush_lsn >= '${String(row!.lsn)}'`)).length === 1,
    );
  }

  /** Statements about a subscription that are refused while it is enabled. */
  async disabled(...clauses: string[]): Promise<void> {
    const alter = (clause: string): string => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;
    await this.onClone(alter('DISABLE'));
    await this.slotIsFree();
    await this.onClone(...clauses.map(alter), alter('ENABLE'));
  }

  slotIsFree = (): Promise<unknown> =>
    eventually(
      async () =>
        (await this.beside('source', `SELECT FROM pg_replication_slots WHERE active AND slot_name = '${SUBSCRIPTION}'`))
          .length === 0,
    );

  /** As after any break of the connection: what a session was let in for before is no help any more. */
  endReplication = (): Promise<unknown> =>
    this.beside('source', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${ROLE}'`);

  async workerPid(): Promise<number> {
    const [row] = await this.asAdmin('clone', `SELECT pid FROM pg_stat_subscription WHERE subname = '${SUBSCRIPTION}'`);
    return Number(row!.pid);
  }

  /** Keeps the clone away from its slot, with no word to the subscription, while somebody is at the slot. */
  async whileAway(work: () => Promise<unknown>): Promise<void> {
    await this.beside('source', `ALTER ROLE ${ROLE} NOLOGIN`);
    await this.endReplication();
    await this.slotIsFree();
    await work();
    await this.beside('source', `ALTER ROLE ${ROLE} LOGIN`);
  }

  /** Its worker alone, which was there a moment ago: only then is it not started again at once. */
  async whileKilled(work: () => Promise<unknown>): Promise<void> {
    await this.endWorker();
    await this.beside('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '20s'`, 'SELECT pg_reload_conf()');
    await this.endWorker();
    await this.slotIsFree();
    await work();
    await this.hurry();
  }

  /** One that runs, as soon as there is one. */
  endWorker = (): Promise<unknown> =>
    eventually(async () => {
      const where = `subname = '${SUBSCRIPTION}' AND pid IS NOT NULL`;
      return (
        (await this.asAdmin('clone', `SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE ${where}`))
          .length === 1
      );
    });

  stop = (...sides: Side[]): Promise<unknown> =>
    Promise.all(sides.map((side) => stopServer(serverOf(this.lab.lab, side), 'immediate')));
  startAll = (): Promise<unknown> => startServers(this.lab.lab);

  async restart(...sides: Side[]): Promise<void> {
    await Promise.all(
      sides.map(async (side) => {
        const place = serverOf(this.lab.lab, side);
        await stopServer(place, 'fast');
        await startServer(place);
      }),
    );
    await pause(100);
  }

  /** A setting of a server that only a start of it changes; null: as it was. */
  async set(side: Side, name: string, value: string | null): Promise<void> {
    await this.beside(side, value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`);
    await this.restart(side);
  }
}

/** Small ones beside that which is broken. */
async function addDatabases(lab: DirectLab, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `branch_${index + 1}`);
  for (const name of names) {
    await execute(await lab.source('postgres'), [`CREATE DATABASE ${name}`]);
    await execute(await lab.source(name), TABLES.slice(0, 1));
  }
  const { environment, links } = lab.contract;
  const added = names.map((database) => ({
    database,
    streams: [{ ...streamNames(environment, database), selection: { kind: 'all' as const } }],
  }));
  Object.assign(lab.contract, { links: [...links, ...added] });
}
