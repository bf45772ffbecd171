import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { PostgresBinaries } from './binaries';
import type { LabCertificates } from './certificates';
import { assertPortFree, giveBackPort } from './free-port';
import { assertAccepted, assertNames, currentSettings, pendingRestart, reload } from './parameters';
import { copyRunningData } from './physical-copy';
import { furnishCluster, furnishService, makeClusterDirectory, makeDataDirectory } from './initialise';
import { ADMIN_ROLE, setPassword } from './roles';
import { markPending, NO_CHECKPOINTS, readPending, readSeedLsn, recordSeedLsn } from './seed-lsn';
import {
  CA_FILE,
  readParameterFile,
  resetInheritedSettings,
  restoreParameterFile,
  writeParameters,
  writeSeedSettings,
} from './server-files';
import { serverPid, startServer, stopServer, type ServerPlace } from './server-process';
import { type Login, openSession } from './session';
import { removeSharedMemory } from './shared-memory';

export interface OpenOptions {
  readonly binaries: PostgresBinaries;
  /** Absolute; holds `data` and `server.log`. The server user must be able to enter the directories above it. */
  readonly directory: string;
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** Of the superuser `rdsadmin`; a clone has its source's. */
  readonly adminPassword: string;
}

export interface CreateOptions extends OpenOptions {
  readonly certificates: LabCertificates;
  readonly masterUsername: string;
  readonly masterPassword: string;
  /** Created for the master user, beside `postgres`. */
  readonly databases: readonly string[];
  /** In force from the first start on. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** One PostgreSQL server in the role of an Aurora cluster. It outlives the process that made it. */
export class PostgresCluster {
  readonly dataDirectory: string;
  readonly logFile: string;
  /** The authority that signed the server's certificate. */
  readonly caFile: string;

  private constructor(private readonly options: OpenOptions) {
    this.dataDirectory = join(options.directory, 'data');
    this.logFile = join(options.directory, 'server.log');
    this.caFile = join(this.dataDirectory, CA_FILE);
  }

  get directory(): string {
    return this.options.directory;
  }

  get port(): number {
    return this.options.port;
  }

  get place(): ServerPlace & { binaries: PostgresBinaries } {
    return { binaries: this.options.binaries, dataDirectory: this.dataDirectory, logFile: this.logFile };
  }

  /** Makes a new cluster and leaves it running. A failure removes what was made. */
  static async create(options: CreateOptions): Promise<PostgresCluster> {
    await assertPortFree(options.port);
    const cluster = new PostgresCluster(options);
    cluster.assertNew();
    try {
      await cluster.initialise(options);
      return cluster;
    } catch (error) {
      await cluster.destroy();
      throw error;
    }
  }

  /** Attaches to a cluster made before, running or not. */
  static open(options: OpenOptions): PostgresCluster {
    return new PostgresCluster(options);
  }

  /** What fails later removes the directory, so it must not have been somebody's before. */
  private assertNew(): void {
    if (existsSync(this.directory)) {
      throw new Error(`${this.directory} exists already.`);
    }
  }

  private async initialise(options: CreateOptions): Promise<void> {
    const { parameters = {} } = options;
    assertNames(parameters);
    await makeClusterDirectory(this.directory);
    await makeDataDirectory({ ...options, dataDirectory: this.dataDirectory });
    await writeParameters(this.dataDirectory, parameters);
    await startServer(this.place);
    const { template } = options.binaries;
    if (template === undefined) await furnishService((database, work) => this.asAdmin(database, work));
    else await this.takeOver(template.adminPassword);
    await furnishCluster((database, work) => this.asAdmin(database, work), options);
    await this.asAdmin('postgres', (admin) => assertAccepted(admin, parameters));
  }

  /** A copy still has the password of what it was copied from. */
  private async takeOver(password: string): Promise<void> {
    const admin = await this.connect({ user: ADMIN_ROLE, password, database: 'postgres' });
    await setPassword(admin, ADMIN_ROLE, this.options.adminPassword).finally(() => admin.end());
  }

  /** @throws OperatorError LAB_PORT_TAKEN, LAB_POSTGRES_START_FAILED */
  async start(): Promise<void> {
    if (this.isRunning()) {
      return;
    }
    await assertPortFree(this.port);
    await startServer(this.place);
  }

  /** `fast` disconnects clients and shuts down cleanly; `immediate` is a crash. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    await stopServer(this.place, mode);
  }

  async restart(): Promise<void> {
    await this.stop('fast');
    await this.start();
  }

  isRunning(): boolean {
    return this.pid() !== undefined;
  }

  /** Process id of the server, undefined when it does not run. */
  pid(): number | undefined {
    return serverPid(this.dataDirectory);
  }

  /**
   * Replaces all parameters: one that is not named goes back to its default.
   * Static ones take effect at the next start, and are returned. Works on a
   * stopped server too, where nothing waits, as the next start applies all.
   *
   * @throws OperatorError LAB_PARAMETER_REJECTED, with the former values kept
   */
  async setParameters(values: Readonly<Record<string, string>>): Promise<{ pendingRestart: string[] }> {
    assertNames(values);
    const before = await readParameterFile(this.dataDirectory);
    await writeParameters(this.dataDirectory, values);
    if (!this.isRunning()) {
      return { pendingRestart: [] };
    }
    return this.asAdmin('postgres', async (admin) => {
      await assertAccepted(admin, values).catch(async (error: unknown) => {
        await restoreParameterFile(this.dataDirectory, before);
        throw error;
      });
      await reload(admin);
      return { pendingRestart: await pendingRestart(admin) };
    });
  }

  /** Current values as SHOW prints them; settings that the server does not know are left out. */
  async settings(names: readonly string[]): Promise<Record<string, string>> {
    return this.asAdmin('postgres', (admin) => currentSettings(admin, names));
  }

  async setMasterPassword(username: string, password: string): Promise<void> {
    await this.asAdmin('postgres', (admin) => setPassword(admin, username, password));
  }

  /** A connected session of the superuser. The caller ends it. */
  async adminClient(database = 'postgres'): Promise<Client> {
    return this.connect({ user: ADMIN_ROLE, password: this.options.adminPassword, database });
  }

  /** A connected session of any user. The caller ends it. */
  async connect(login: Login): Promise<Client> {
    return openSession(login, { port: this.port, caFile: this.caFile });
  }

  private async asAdmin<T>(database: string, work: (admin: Client) => Promise<T>): Promise<T> {
    const admin = await this.adminClient(database);
    return work(admin).finally(() => admin.end());
  }

  /** A physical copy of this running cluster, writers or not. Not started: see firstStartOfClone. */
  async cloneTo(place: { directory: string; port: number }): Promise<PostgresCluster> {
    const clone = new PostgresCluster({ ...this.options, ...place });
    clone.assertNew();
    try {
      await makeClusterDirectory(clone.directory);
      const end = await this.asAdmin('postgres', (admin) =>
        copyRunningData(admin, this.dataDirectory, clone.dataDirectory),
      );
      await resetInheritedSettings(clone.dataDirectory, clone.port);
      await writeSeedSettings(clone.dataDirectory, NO_CHECKPOINTS);
      await markPending(clone.directory, end);
      return clone;
    } catch (error) {
      await clone.destroy();
      throw error;
    }
  }

  /**
   * Starts a fresh clone, and returns the LSN that its data stands at. From
   * then on aurora_volume_logical_start_lsn() returns it in every database.
   */
  async firstStartOfClone(): Promise<string> {
    const end = await readPending(this.directory);
    if (end === undefined) {
      throw new Error(`${this.directory} is not a clone that waits for its first start.`);
    }
    await this.start();
    return this.asAdmin('postgres', async (admin) => {
      const lsn = await readSeedLsn(admin, end);
      await recordSeedLsn(this.directory, this.dataDirectory, lsn);
      await reload(admin);
      return lsn;
    });
  }

  /** Stops the server at once and removes its directory. */
  async destroy(): Promise<void> {
    await this.stop('immediate');
    removeSharedMemory(this.dataDirectory);
    await rm(this.directory, { recursive: true, force: true, maxRetries: 3 });
    await giveBackPort(this.port);
  }
}
