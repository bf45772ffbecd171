import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { preparePostgresBinaries } from '../../lab/postgres/binaries';
import { createCertificates } from '../../lab/postgres/certificates';
import { PostgresCluster } from '../../lab/postgres/cluster';
import { freePort } from '../../lab/postgres/free-port';
import { sharedServers } from '../../lab/postgres/prepare-servers';
import { giveToServer } from '../../lab/postgres/server-user';
import { postgresMajor } from './postgres-major';

export interface TestCluster {
  readonly cluster: PostgresCluster;
  readonly master: { readonly user: string; readonly password: string };
  /** A new directory for a clone, removed with the cluster. */
  cloneDirectory(): string;
  /** A connected session, of the master user unless another login is given. Closed by stop(). */
  connect(database: string, user?: { user: string; password: string }): Promise<Client>;
  /** Registers something else to clean up, a clone for instance; the last registered goes first. */
  onStop(cleanUp: () => Promise<void>): void;
  /** Closes the sessions, stops the servers and removes every file. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL cluster of the lab's kind for one test file, in a
 * temporary directory whose path has a space in it. Call stop() in afterAll.
 * If that never runs, the servers are killed when the process exits.
 */
export async function startTestCluster(
  options: { databases?: readonly string[]; parameters?: Readonly<Record<string, string>>; major?: number } = {},
): Promise<TestCluster> {
  const major = options.major ?? postgresMajor();
  const root = await mkdtemp(join(tmpdir(), 'aurora lab test '));
  await giveToServer(root);
  // A quote and a space, as passwords contain anything.
  const master = { user: 'master', password: `it's ${randomBytes(9).toString('base64')}` };
  const cluster = await PostgresCluster.create({
    binaries: (await sharedServers(major)) ?? (await preparePostgresBinaries(root, major)),
    certificates: await createCertificates(join(root, 'certificates')),
    directory: join(root, 'cluster'),
    port: await freePort(),
    masterUsername: master.user,
    masterPassword: master.password,
    adminPassword: randomBytes(18).toString('base64url'),
    databases: options.databases ?? ['shop'],
    parameters: options.parameters,
  }).catch(async (error: unknown) => {
    await rm(root, { recursive: true, force: true });
    throw error;
  });
  const cleanUps: (() => Promise<void>)[] = [() => rm(root, { recursive: true, force: true }), () => cluster.destroy()];
  const lastResort = (): void => killAtExit(cluster, root);
  process.once('exit', lastResort);
  cleanUps.unshift(async () => {
    process.removeListener('exit', lastResort);
  });
  const test: TestCluster = {
    cluster,
    master,
    cloneDirectory: () => join(root, `clone ${randomBytes(3).toString('hex')}`),
    connect: async (database, login = master) => {
      const client = await cluster.connect({ ...login, database });
      cleanUps.push(() => client.end());
      return client;
    },
    onStop: (cleanUp) => {
      cleanUps.push(cleanUp);
    },
    stop: () => runAll(cleanUps),
  };
  return test;
}

/** For a run that ends without its afterAll. SIGQUIT is PostgreSQL's immediate shutdown. */
function killAtExit(cluster: PostgresCluster, root: string): void {
  const pid = cluster.pid();
  if (pid !== undefined) {
    process.kill(pid, 'SIGQUIT');
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

/** Runs all even when some fail, so that a failed test leaves nothing behind. */
async function runAll(cleanUps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, 'The test cluster could not be cleaned up');
  }
}
