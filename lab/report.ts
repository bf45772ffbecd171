import { instancesOf } from './aws/clusters';
import type { Cluster } from './aws/world';
import type { LabState } from './state';

interface ClusterReport {
  readonly account: string;
  readonly role: 'production' | 'clone';
  readonly identifier: string;
  readonly engineVersion: string;
  readonly host: string;
  readonly port: number;
  readonly parameterGroup: string;
  readonly seedLsn: string | null;
  readonly databases: readonly string[];
  readonly instances: readonly { identifier: string; status: string; parameters: string }[];
}

/** What `lab status --json` prints. Holds no secret. */
export interface StatusReport {
  readonly running: true;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly endpoint: string;
  readonly startedAt: string;
  readonly clusters: readonly ClusterReport[];
}

export function statusReport(state: LabState): StatusReport {
  const { name, environment, startedAt, world } = state;
  const clusters = Object.values(world.accounts).flatMap((account) =>
    Object.values(account.clusters).map((cluster) => clusterReport(account.id, cluster, instancesOf(account, cluster))),
  );
  return {
    running: true,
    name,
    environment,
    region: world.region,
    endpoint: `http://127.0.0.1:${state.port}`,
    startedAt,
    clusters,
  };
}

function clusterReport(account: string, cluster: Cluster, instances: ReturnType<typeof instancesOf>): ClusterReport {
  const { identifier, engineVersion, port, parameterGroup, seedLsn, databases, sourceArn } = cluster;
  return {
    account,
    role: sourceArn === null ? 'production' : 'clone',
    identifier,
    engineVersion,
    host: 'localhost',
    port,
    parameterGroup,
    seedLsn,
    databases,
    instances: instances.map((one) => ({
      identifier: one.identifier,
      status: one.status,
      parameters: one.parameterStatus,
    })),
  };
}

export function statusText(state: LabState): string {
  const report = statusReport(state);
  const lines = [
    `AWS endpoint  ${report.endpoint}, Region ${report.region}, accounts ${Object.keys(state.world.accounts).join(' and ')}`,
    `Environment   ${state.environment} (${state.environmentFile})`,
  ];
  for (const cluster of report.clusters) {
    const { role, identifier, account, engineVersion, host, port, databases, parameterGroup } = cluster;
    lines.push(
      `${role === 'clone' ? 'Clone' : 'Production'}`.padEnd(14) +
        `${identifier} in account ${account}: PostgreSQL ${engineVersion} on ${host}:${port}, databases ${databases.join(', ')}`,
    );
    lines.push(
      `              parameter group ${parameterGroup}${cluster.seedLsn === null ? '' : `, seed LSN ${cluster.seedLsn}`}`,
    );
    for (const one of cluster.instances)
      lines.push(`              instance ${one.identifier}: ${one.status}, parameters ${one.parameters}`);
    if (cluster.instances.length === 0) lines.push('              no instance, so its server is stopped');
  }
  return lines.join('\n');
}

/** Lines for `eval` in any POSIX shell. */
export function exportLines(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([name, value]) => (value === '' ? `unset ${name}` : `export ${name}=${shellQuote(value)}`))
    .join('\n');
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
