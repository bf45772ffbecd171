import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { loadEnvironment } from '../environments/loader';
import { OperatorError, type OperatorErrorParts } from '../errors/operator-error';
import { buildWorld } from './aws/accounts';
import { ClusterServers } from './aws/cluster-servers';
import { createEndpoint } from './aws/endpoint';
import { createProductionCluster } from './aws/production-cluster';
import type { DaemonMessage, DaemonOptions } from './daemon-options';
import { removeEmptyHome } from './directory';
import { Lab } from './lab';
import { labEnvironment } from './lab-environment';
import { writePasswords } from './login';
import { createCertificates } from './postgres/certificates';
import { assertPortFree, freePort } from './postgres/free-port';
import { prepareServers } from './postgres/prepare-servers';
import { installProvider } from './provider/install';
import { clustersDirectory } from './shutdown';
import { stateWriter, type LabState } from './state';

/**
 * The process that is the lab: it plays AWS and keeps the servers. Started by
 * `lab up` with its options in argv; it tells its parent when it is ready, or
 * why it cannot be.
 */
async function main(): Promise<void> {
  const options = JSON.parse(process.argv[3] ?? '') as DaemonOptions;
  const { directory } = options;
  let servers: ClusterServers | undefined;
  let ending: Promise<void> | undefined;
  // Whoever asks for the end during the start gets it after the start, when it is known what there is to end.
  const end = (code: number): void => {
    ending ??= started
      .catch(() => undefined)
      .then(() => servers?.destroyAll())
      .then(() => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }))
      .then(() => removeEmptyHome(dirname(directory)))
      .catch((error: unknown) => console.error(error))
      .then(() => process.exit(code));
  };
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => end(0));
  // The parent went away before it knew that the lab is up: nobody would ever take it down.
  const abandoned = (): void => end(1);
  process.once('disconnect', abandoned);

  const started = start(options, (made) => (servers = made));
  try {
    await started;
    process.off('disconnect', abandoned);
    await tellParent({ ready: true });
  } catch (error) {
    await tellParent({ ready: false, ...failureOf(error) });
    end(1);
  }
}

async function start(options: DaemonOptions, onServers: (servers: ClusterServers) => void): Promise<void> {
  const { directory } = options;
  const environment = loadEnvironment(options.environmentFile);
  const sourcePort = options.postgresPort ?? (await freePort());
  for (const port of [options.port, options.postgresPort]) if (port !== undefined) await assertPortFree(port);
  const [binaries, certificates, provider] = await Promise.all([
    prepareServers(directory, environment.source.cluster.majorVersion),
    createCertificates(join(directory, 'certificates')),
    installProvider(directory, process.env.LAB_TEMPLATES || undefined),
  ]);
  mkdirSync(clustersDirectory(directory), { mode: 0o711 });
  const servers = new ClusterServers({ binaries, certificates, directory: clustersDirectory(directory) });
  onServers(servers);
  const world = buildWorld(environment, options.besideFiles.map(loadEnvironment));
  // A cluster that the source stack makes is not there before that is deployed.
  if (environment.source.cluster.mode !== 'create')
    await createProductionCluster({
      environment,
      world,
      servers,
      engineVersion: servers.engineVersion,
      port: sourcePort,
    });

  let save = (): void => undefined;
  const endpoint = createEndpoint({ world, servers, save: () => save() });
  await new Promise<void>((resolve, reject) => {
    endpoint.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = endpoint.address() as AddressInfo;
  const state: LabState = {
    version: 1,
    name: options.name,
    environment: environment.name,
    environmentFile: options.environmentFile,
    daemonPid: process.pid,
    port,
    startedAt: new Date().toISOString(),
    sourceAccount: environment.source.accountId,
    targetAccount: environment.target.accountId,
    sourceIdentifier: environment.source.cluster.identifier,
    cloneIdentifier: environment.target.clone.identifier,
    caFile: certificates.caFile,
    env: labEnvironment({
      port,
      region: environment.region,
      caFile: certificates.caFile,
      directory,
      provider,
      terraform: options.terraform,
    }),
    world,
  };
  const write = stateWriter(directory, state);
  // A clone that is replaced has another password, also for whoever has logged in by a client of theirs.
  save = () => void (write() && writePasswords(new Lab(directory)));
  save();
}

/** Returns once the message is out, so that the process may end. */
async function tellParent(message: DaemonMessage): Promise<void> {
  await new Promise<void>((resolve) => {
    if (process.connected) process.send?.(message, undefined, {}, () => resolve());
    else resolve();
  });
}

function failureOf(error: unknown): { operatorError?: OperatorErrorParts; message: string } {
  if (error instanceof OperatorError) return { operatorError: error.toJSON(), message: error.message };
  console.error(error);
  return { message: error instanceof Error ? error.message : String(error) };
}

void main();
