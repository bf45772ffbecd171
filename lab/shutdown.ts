import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import { refuseForeign, removeEmptyHome, removeLabDirectory } from './directory';
import { removeSharedMemory } from './postgres/shared-memory';
import { eventually, isJob, labProcesses, signal } from './processes';

/** Where the clusters' directories are, each with `data` in it. */
export function clustersDirectory(directory: string): string {
  return join(directory, 'clusters');
}

/**
 * Stops every process of a lab and removes every file of it, in whatever state
 * it is: running, half started, or left behind by a killed daemon.
 * @throws OperatorError LAB_DIRECTORY_FOREIGN
 */
export async function stopLab(directory: string): Promise<void> {
  refuseForeign(directory);
  // Before their servers: they have nothing to end well, and would only wait for those to come back.
  for (const { pid, kind } of labProcesses(directory)) if (isJob(kind)) signal(pid, 'SIGKILL');
  await stopDaemon(directory);
  await stopServers(directory);
  await removeLabDirectory(directory);
  removeEmptyHome(dirname(directory));
}

/** The daemon takes its servers down with it. */
async function stopDaemon(directory: string): Promise<void> {
  const daemons = () => labProcesses(directory).filter(({ kind }) => kind === 'daemon');
  for (const { pid } of daemons()) signal(pid, 'SIGTERM');
  if (await eventually(() => daemons().length === 0, 30_000)) return;
  for (const { pid } of daemons()) signal(pid, 'SIGKILL');
  if (!(await eventually(() => daemons().length === 0, 30_000))) throw survivors(directory);
}

/**
 * Servers without a daemon. An immediate shutdown is enough, as their data goes
 * too, and it lets the postmaster remove its shared memory, which SIGKILL does not.
 */
async function stopServers(directory: string): Promise<void> {
  const gone = () => labProcesses(directory).length === 0;
  const postmasters = new Set(postmasterPids(directory));
  for (const { pid } of labProcesses(directory)) if (postmasters.has(pid)) signal(pid, 'SIGQUIT');
  if (postmasters.size > 0) await eventually(gone, 30_000);
  for (const { pid } of labProcesses(directory)) signal(pid, 'SIGKILL');
  if (!(await eventually(gone, 30_000))) throw survivors(directory);
  dataDirectories(directory).forEach(removeSharedMemory);
}

function postmasterPids(directory: string): number[] {
  return dataDirectories(directory).flatMap((data) => {
    try {
      return [Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10)];
    } catch {
      return [];
    }
  });
}

function dataDirectories(directory: string): string[] {
  const clusters = clustersDirectory(directory);
  return existsSync(clusters) ? readdirSync(clusters).map((cluster) => join(clusters, cluster, 'data')) : [];
}

function survivors(directory: string): OperatorError {
  const pids = labProcesses(directory).map(({ pid }) => pid);
  return new OperatorError({
    code: 'LAB_PROCESS_SURVIVES',
    seen: `Processes ${pids.join(', ')} of the lab in ${directory} do not end.`,
    why: 'Its files cannot be removed while they are in use.',
    next: 'Look at them with ps, end them, and run the command again.',
  });
}
