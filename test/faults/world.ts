import { openConnections } from '../../sql-runner/connections/open';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { environmentFile } from '../../environments/files';
import { type ChildResult, type RunningChild, startChild } from '../../lab/demo/child';
import { connectBy } from '../../lab/connections';
import { PROJECT } from '../../lab/demo/toolchain';
import { type Lab, startLab } from '../../lab/lab';
import { readKeys } from '../../lab/workload/keys';
import type { Keys } from '../../lab/workload/operation';
import { type Connect, seedWorkload } from '../../lab/workload/seed';
import { startWriters, type Writers } from '../../lab/workload/writers';
import type { Plan } from '../../sql-runner/model/plan';
import { makePlan } from '../../sql-runner/actions/run';
import type { Selection, SourceContract, TargetContract } from '../../contract/contract';
import { eventually } from '../support/eventually';
import { Deployment } from './accounts';
import { ApiProxy } from './api-proxy';
import { bundlePrograms, type Programs } from './bundle';
import type { GateHolder } from './exchange';
import { PgProxy } from './pg-proxy';
import { VERIFICATION } from './phases';
import { StandingRunner } from './standing-runner';
import { Tables } from './tables';

const ROWS = 5_000;
const WRITERS = 2;
const WRITER_PAUSE_MS = 80;

/** A lab with small databases and running writers; everything that sql-runner says to it goes through proxies. */
export class FaultWorld {
  private contracts: { source?: SourceContract; target?: TargetContract } = {};
  private writers: Writers | undefined;
  private writerSeed = 0;
  private keys: Keys | undefined;
  private standing: StandingRunner | undefined;
  private readonly deployment: Deployment;
  readonly tables = new Tables(this);

  private constructor(
    readonly lab: Lab,
    readonly holder: GateHolder,
    readonly proxies: { source: PgProxy; target: PgProxy; aws: ApiProxy },
    private readonly programs: Programs,
  ) {
    this.deployment = new Deployment(lab);
  }

  /** @param home directory of the lab */
  static async start(name: string, home: string): Promise<FaultWorld> {
    const lab = await startLab({ environmentFile: environmentFile('demo'), name, home });
    try {
      const holder: GateHolder = { gate: null };
      const proxies = {
        source: await PgProxy.open('source', holder, lab.directory),
        target: await PgProxy.open('target', holder, lab.directory),
        aws: await ApiProxy.open(lab.env.AWS_ENDPOINT_URL ?? '', holder),
      };
      const world = new FaultWorld(lab, holder, proxies, await bundlePrograms(lab.directory));
      await seedWorkload(world.source, { rows: ROWS });
      await world.tables.seed();
      await world.deploySource();
      await world.startWriters();
      return world;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  async end(): Promise<void> {
    try {
      await this.stopWriters().catch(() => undefined);
      this.standing?.end();
      for (const proxy of Object.values(this.proxies)) await proxy.close();
    } finally {
      await this.lab.down();
    }
  }

  readonly source: Connect = connectBy((database) => this.lab.sourceConnection(database));
  readonly clone: Connect = connectBy((database) => this.lab.cloneConnection(database));

  /** A session of the superuser, whom no fault concerns. */
  admin(side: 'source' | 'target', database: string): Promise<Client> {
    return connectBy((name) => this.lab.adminConnection(side === 'source' ? 'source' : 'clone', name))(database);
  }

  /** A session in database shop: of the owner of the source's tables, or of the superuser of the clone. */
  async inShop<T>(side: 'source' | 'target', work: (client: Client) => Promise<T>): Promise<T> {
    const client = await (side === 'source' ? this.source('shop') : this.admin(side, 'shop'));
    return work(client).finally(() => client.end());
  }

  /** As a deploy of the source with another selection of the tables of shop. */
  select(selection: Selection): void {
    const [link] = this.contracts.source!.links;
    for (const stream of link!.streams) stream.selection = selection;
    this.writeOutputs();
  }

  async startWriters(): Promise<void> {
    // Ids that a rollback or a crash left out are in nobody's way as long as the rows are those of the beginning.
    this.keys ??= await readKeys(this.source);
    const seed = (this.writerSeed += 1);
    this.writers = await startWriters(this.source, {
      writers: WRITERS,
      pauseMs: WRITER_PAUSE_MS,
      seed,
      keys: this.keys,
    });
    this.tables.startWriters();
  }

  async stopWriters(): Promise<void> {
    await Promise.all([this.writers?.stop(), this.tables.stopWriters()]);
  }

  get replicationNames(): string[] {
    return this.contracts.source!.links.flatMap(({ streams }) => streams.map(({ slot }) => slot));
  }

  get databases(): string[] {
    return this.contracts.source!.links.map(({ database }) => database);
  }

  /** Takes a clone under the present ticket. From then on sql-runner knows both sides. */
  async takeClone(): Promise<void> {
    this.contracts.target = await this.deployment.replaceClone(this.contracts.source!, this.proxies.target.port);
    const { world, targetAccount, cloneIdentifier } = this.lab.state;
    this.proxies.target.upstream = world.accounts[targetAccount]!.clusters[cloneIdentifier]!.port;
    // A worker that a fault has ended would be started again after 5 s.
    await this.inShop('target', async (client) => {
      await client.query(`ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`);
      await client.query('SELECT pg_reload_conf()');
    });
    this.writeOutputs();
  }

  get hasClone(): boolean {
    return this.contracts.target !== undefined;
  }

  /** The clone goes with its stack. So does the secret, with the source's: the next role gets a new password. */
  async destroyStacks(): Promise<void> {
    delete this.contracts.target;
    await this.deployment.destroyClone();
    await this.deployment.renewSecret(this.contracts.source!);
    this.writeOutputs();
  }

  /** Undefined while there is no ticket. */
  get ticketNonce(): string | undefined {
    return this.deployment.ticketNonce(this.contracts.source!);
  }

  /** Starts sql-runner as a process of its own. */
  startRun(command: readonly string[]): RunningChild {
    return startChild({
      argv: [process.execPath, this.programs.cli, ...this.argv(command)],
      cwd: PROJECT,
      env: { ...process.env, ...this.env },
      log: join(this.lab.directory, 'sql-runner.log'),
    });
  }

  /** Every instance is through with what it was asked for, such as the reboot of a run that was killed. */
  async settle(): Promise<void> {
    const isSettled = (): boolean =>
      Object.values(this.lab.state.world.accounts).every(({ instances }) =>
        Object.values(instances).every(({ status }) => status === 'available'),
      );
    await eventually(async () => isSettled());
  }

  /** A run to its end that nothing is done to. */
  run(command: readonly string[]): Promise<ChildResult> {
    this.standing ??= StandingRunner.start(this.programs.standing, { ...process.env, ...this.env });
    return this.standing.run(this.argv(command));
  }

  private argv([verb = '', ...flags]: readonly string[]): string[] {
    const more = flags.map((flag) => (flag === VERIFICATION ? this.fileOf(flag) : flag));
    return [verb, 'demo', '--json', '--outputs', this.outputs, ...more];
  }

  readonly fileOf = (name: string): string => join(this.lab.directory, name);

  /** What an apply would do now, planned in this process, which must have no other world: it takes the world's environment. */
  async plan(): Promise<Plan> {
    Object.assign(process.env, this.env);
    const { source, target } = this.contracts;
    return makePlan(openConnections, { source: source!, target: target ?? null }, 'apply');
  }

  private get env(): Record<string, string> {
    const env = { ...this.lab.env, AWS_ENDPOINT_URL: this.proxies.aws.url, NO_COLOR: '1' };
    return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  }

  private get outputs(): string {
    return this.fileOf('outputs.json');
  }

  private async deploySource(): Promise<void> {
    const { world, sourceAccount, sourceIdentifier } = this.lab.state;
    this.proxies.source.upstream = world.accounts[sourceAccount]!.clusters[sourceIdentifier]!.port;
    this.contracts.source = await this.deployment.deploySource(this.proxies.source.port);
    this.writeOutputs();
  }

  /** In the shape of `cdktf output --outputs-file`. */
  private writeOutputs(): void {
    const { source, target } = this.contracts;
    const outputs = {
      'demo-source': { contract: source },
      ...(target === undefined ? {} : { 'demo-target': { contract: target } }),
    };
    writeFileSync(this.outputs, JSON.stringify(outputs));
  }
}
