import type { Side } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';

/** What commands of sql-runner call in each account. A test records it on the lab, and holds it to this table. */
export interface Calls {
  /** Commands that call the same. */
  readonly commands: readonly string[];
  readonly source: readonly string[];
  readonly target: readonly string[];
}

const LOGS = ['rds:DescribeDBLogFiles', 'rds:DownloadDBLogFilePortion'];
const SECRET = 'secretsmanager:GetSecretValue';
const CLUSTER = 'rds:DescribeDBClusters';
const PARAMETERS = 'rds:DescribeDBClusterParameters';
const TICKET = 'ssm:GetParameter';
const ROUTES = 'ec2:DescribeRouteTables';
/** What stands around production. */
const AROUND = [ROUTES, 'ec2:DescribeSecurityGroupRules', 'kms:GetKeyPolicy'];
/** The group is attached, and the writer restarted. */
const ATTACHES = 'rds:ModifyDBCluster';
const ATTACH = ['rds:DescribeDBInstances', ATTACHES, 'rds:RebootDBInstance'];
const PASSWORD = 'secretsmanager:PutSecretValue';
const ISSUE = ['ssm:DeleteParameter', 'ssm:PutParameter'];

export const RUNNER_CALLS: readonly Calls[] = [
  {
    commands: ['doctor', 'plan', 'serve'],
    source: [...AROUND, CLUSTER, PARAMETERS, ...LOGS, SECRET],
    target: [CLUSTER, ...LOGS, SECRET, TICKET],
  },
  { commands: ['status', 'watch'], source: [CLUSTER, ...LOGS, SECRET], target: [CLUSTER, ...LOGS, SECRET, TICKET] },
  { commands: ['verify'], source: [CLUSTER, PARAMETERS, SECRET], target: [SECRET, TICKET] },
  { commands: ['history'], source: [], target: [SECRET] },
  { commands: ['ddl', 'schema'], source: [SECRET], target: [SECRET] },
  {
    commands: ['apply'],
    source: [...AROUND, CLUSTER, PARAMETERS, ...LOGS, SECRET, ...ATTACH, PASSWORD],
    target: [CLUSTER, ...LOGS, SECRET, TICKET, ...ISSUE],
  },
  {
    commands: ['hold'],
    source: ['rds:DescribeBlueGreenDeployments', CLUSTER, PARAMETERS, ...LOGS, SECRET],
    target: [SECRET, TICKET],
  },
  {
    commands: ['resume'],
    source: [...AROUND, CLUSTER, PARAMETERS, ...LOGS, SECRET],
    target: [CLUSTER, SECRET, TICKET],
  },
  { commands: ['rotate'], source: [CLUSTER, PARAMETERS, ...LOGS, SECRET, PASSWORD], target: [CLUSTER, SECRET, TICKET] },
  { commands: ['refresh'], source: [CLUSTER, PARAMETERS, SECRET], target: [SECRET, TICKET] },
  { commands: ['large-objects'], source: [CLUSTER, PARAMETERS, SECRET], target: [SECRET, TICKET] },
  { commands: ['sequences'], source: [CLUSTER, PARAMETERS, SECRET], target: [SECRET, TICKET] },
  { commands: ['repair'], source: [CLUSTER, PARAMETERS, ...LOGS, SECRET], target: [SECRET, TICKET] },
  { commands: ['resync'], source: [CLUSTER, PARAMETERS, SECRET], target: [SECRET, TICKET] },
  { commands: ['skip'], source: [CLUSTER, PARAMETERS, SECRET], target: [CLUSTER, ...LOGS, SECRET, TICKET] },
  {
    commands: ['reset'],
    source: [...AROUND, CLUSTER, PARAMETERS, SECRET, ...ATTACH, PASSWORD],
    target: [SECRET, TICKET, ...ISSUE],
  },
  {
    commands: ['teardown'],
    source: [CLUSTER, PARAMETERS, SECRET, ATTACHES],
    target: [SECRET, TICKET, 'ssm:DeleteParameter'],
  },
];

/** Commands that change nothing in an account. */
export const READERS = ['ddl', 'doctor', 'history', 'plan', 'schema', 'serve', 'status', 'verify', 'watch'];

/**
 * Those of them that one environment can come to: a group of the owner's is never attached, nor put back, and one that
 * the source stack has made together with the cluster stays at a teardown. Where the way is others', who looks whether
 * production's tables lead to the clone looks whether those of the clone lead back.
 */
export function callsIn({ source, network }: Environment, side: Side, commands: readonly string[]): string[] {
  const attaching = commands.filter((command) => command !== 'teardown' || source.cluster.mode !== 'create');
  const attaches = source.manage.parameterGroup !== 'owner' && callsOf(side, attaching).includes(ATTACHES);
  const looksBack = side === 'target' && network.mode === 'existing' && callsOf('source', commands).includes(ROUTES);
  const calls = callsOf(side, commands).filter((action) => action !== ATTACHES || attaches);
  return looksBack ? [...calls, ROUTES].sort() : calls;
}

export function callsOf(side: Side, commands: readonly string[]): string[] {
  const calls = RUNNER_CALLS.filter((one) => one.commands.some((command) => commands.includes(command)));
  return [...new Set(calls.flatMap((one) => one[side]))].sort();
}
