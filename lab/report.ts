import { instancesOf } from './aws/clusters';
import type { Cluster } from './aws/world';
import { brokenNow } from './faults/broken';
import { labCommand } from './hints';
import { jobPid, lastLine } from './jobs';
import type { Lab } from './lab';
import { serversDown } from './servers';

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
  /** Its server ought to run, and does not. */
  readonly down: boolean;
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
  /** Process that writes to production; null: nobody does. */
  readonly writers: number | null;
  /** Faults that the lab has brought about and not put back. */
  readonly broken: readonly string[];
}

export function statusReport(lab: Lab): StatusReport {
  const { state, directory } = lab;
  const { name, environment, startedAt, world } = state;
  const down = serversDown(lab).map((side) => lab.cluster(side).arn);
  const clusters = Object.values(world.accounts).flatMap((account) =>
    Object.values(account.clusters).map((cluster) =>
      clusterReport(account.id, cluster, instancesOf(account, cluster), down.includes(cluster.arn)),
    ),
  );
  return {
    running: true,
    name,
    environment,
    region: world.region,
    endpoint: `http://127.0.0.1:${state.port}`,
    startedAt,
    clusters,
    writers: jobPid(directory, 'writers') ?? null,
    broken: Object.keys(brokenNow(directory)),
  };
}

function clusterReport(
  account: string,
  cluster: Cluster,
  instances: ReturnType<typeof instancesOf>,
  down: boolean,
): ClusterReport {
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
    down,
    instances: instances.map((one) => ({
      identifier: one.identifier,
      status: down ? 'down' : one.status,
      parameters: one.parameterStatus,
    })),
  };
}

export function statusText(lab: Lab): string {
  const { state } = lab;
  const report = statusReport(lab);
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
    if (cluster.down)
      lines.push(`              its server was killed or has crashed; start it: ${labCommand(state.name, 'start')}`);
  }
  lines.push(`Writers       ${writersText(lab, report)}`);
  for (const what of report.broken)
    lines.push(`Broken        ${what}; put it back: ${labCommand(state.name, `heal ${what}`)}`);
  return lines.join('\n');
}

function writersText({ state, directory }: Lab, { writers }: StatusReport): string {
  if (writers !== null) return `write to production (process ${writers})`;
  const said = lastLine(directory, 'writers');
  const last = said === undefined ? '' : `\n              those before ended with: ${said}`;
  return `none. Start them: ${labCommand(state.name, 'writers start')}${last}`;
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
