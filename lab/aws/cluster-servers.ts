import { join } from 'node:path';
import type { PostgresBinaries } from '../postgres/binaries';
import type { LabCertificates } from '../postgres/certificates';
import { PostgresCluster } from '../postgres/cluster';
import { freePort } from '../postgres/free-port';
import { RdsadminAgent } from '../postgres/rdsadmin-agent';
import { serverSettings } from './parameter-groups';
import type { Cluster, ParameterGroup } from './world';

export interface ServersOptions {
  readonly binaries: PostgresBinaries;
  readonly certificates: LabCertificates;
  /** Directory below which every cluster has one of its own. */
  readonly directory: string;
}

interface Entry {
  readonly server: PostgresCluster;
  readonly agent: RdsadminAgent;
}

/** The PostgreSQL servers behind the clusters of both accounts, by cluster ARN. */
export class ClusterServers {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly options: ServersOptions) {}

  /** As AWS writes the version of the servers: `17.10`. */
  get engineVersion(): string {
    return this.options.binaries.version.split('.').slice(0, 2).join('.');
  }

  /** Where a cluster lives. Not by its identifier, which both accounts may use. */
  directoryFor(resourceId: string): string {
    return join(this.options.directory, resourceId.toLowerCase());
  }

  freePort(): Promise<number> {
    return freePort();
  }

  /** Where a cluster's server writes its log, also one that does not run. */
  logFile(cluster: Cluster): string {
    return this.entry(cluster).server.logFile;
  }

  isRunning(cluster: Cluster): boolean {
    return this.entries.get(cluster.arn)?.server.isRunning() ?? false;
  }

  /** Makes and starts a cluster that is no clone, with the values of its group in force. */
  async create(cluster: Cluster, group: ParameterGroup, masterPassword: string): Promise<void> {
    const { binaries, certificates } = this.options;
    const { directory, port, adminPassword, masterUsername, databases } = cluster;
    const server = await PostgresCluster.create({
      binaries,
      certificates,
      directory,
      port,
      adminPassword,
      masterUsername,
      masterPassword,
      databases,
      parameters: serverSettings(group),
    });
    this.enter(cluster, server).agent.start();
  }

  /** Copies the data of a running cluster, writers and all. The clone is not started. */
  async copy(source: Cluster, clone: Cluster): Promise<void> {
    const { directory, port } = clone;
    this.enter(clone, await this.entry(source).server.cloneTo({ directory, port }));
  }

  /**
   * Starts the clone's server, or one that was stopped.
   * @returns the clone's seed LSN on its first start, null otherwise
   */
  async start(cluster: Cluster, group: ParameterGroup): Promise<string | null> {
    const { server, agent } = this.entry(cluster);
    await server.setParameters(serverSettings(group));
    let seedLsn: string | null = null;
    if (cluster.everStarted) await server.start();
    else seedLsn = await server.firstStartOfClone();
    agent.start();
    return seedLsn;
  }

  async setMasterPassword(cluster: Cluster, password: string): Promise<void> {
    await this.entry(cluster).server.setMasterPassword(cluster.masterUsername, password);
  }

  /** Gives a running server the values of a group; true when some of them wait for a reboot. */
  async applySettings(cluster: Cluster, group: ParameterGroup): Promise<boolean> {
    const { pendingRestart } = await this.entry(cluster).server.setParameters(serverSettings(group));
    return pendingRestart.length > 0;
  }

  /** The values are written while the server is down: one that crashes as its reboot begins has no session to lose. */
  async restart(cluster: Cluster, group: ParameterGroup): Promise<void> {
    const { server } = this.entry(cluster);
    await server.stop('fast');
    await server.setParameters(serverSettings(group));
    await server.start();
  }

  async stop(cluster: Cluster): Promise<void> {
    const { server, agent } = this.entry(cluster);
    await agent.stop();
    await server.stop('fast');
  }

  async destroy(cluster: Cluster): Promise<void> {
    const entry = this.entries.get(cluster.arn);
    if (entry === undefined) return;
    this.entries.delete(cluster.arn);
    await entry.agent.stop();
    await entry.server.destroy();
  }

  async destroyAll(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    await Promise.all(entries.map(({ agent }) => agent.stop()));
    await Promise.all(entries.map(({ server }) => server.destroy()));
  }

  private enter(cluster: Cluster, server: PostgresCluster): Entry {
    const entry = { server, agent: new RdsadminAgent(server) };
    this.entries.set(cluster.arn, entry);
    return entry;
  }

  private entry(cluster: Cluster): Entry {
    const entry = this.entries.get(cluster.arn);
    if (entry === undefined) throw new Error(`cluster ${cluster.arn} has no server`);
    return entry;
  }
}
