import { parseArn } from '../../../environments/arn';
import { parameterGroupName, replicationSecretName, ticketParameter } from '../../../contract/naming';
import { secretRecoveryDays } from '../../../environments/secret-recovery';
import { instancesOf, managedSecrets, secretNamed, type AccountArns } from '../account';
import type { Grant } from '../grant';

/** Where a deleted one can be restored, Terraform makes up the end of its name. */
const roleSecret = (account: AccountArns): string =>
  secretNamed(
    account,
    replicationSecretName(account.environment.name) + (secretRecoveryDays(account.environment) > 0 ? '-*' : ''),
  );

/** What an action is called on. `null`: nothing in this environment. */
type Scope = (account: AccountArns, instances: readonly string[]) => Omit<Grant, 'actions'> | null;

const clusterOf = ({ side, environment }: AccountArns): string =>
  side === 'source' ? environment.source.cluster.identifier : environment.target.clone.identifier;

const on =
  (sid: string, arns: (account: AccountArns, instances: readonly string[]) => readonly string[]): Scope =>
  (account, instances) => ({ sid, on: arns(account, instances) });

const anything = (sid: string) => on(sid, () => ['*']);
const cluster = (account: AccountArns) => account.arn('rds', `cluster:${clusterOf(account)}`);

/** The one of the stack, and the one of before, which teardown puts back. */
function groups(account: AccountArns): string[] {
  const { name, source } = account.environment;
  const { majorVersion, parameterGroup } = source.cluster;
  const names = [parameterGroupName(name, 'source', majorVersion), parameterGroup];
  return names.flatMap((group) => (group === undefined ? [] : [account.arn('rds', `cluster-pg:${group}`)]));
}

function logins(account: AccountArns): string[] {
  const { source } = account.environment;
  if (account.side === 'target') return [managedSecrets(account)];
  return [roleSecret(account), source.cluster.adminSecretArn ?? managedSecrets(account)];
}

const instanceArns = (account: AccountArns, instances: readonly string[]): string[] =>
  instances.length === 0
    ? instancesOf(account, clusterOf(account))
    : instances.map((name) => account.arn('rds', `db:${name}`));

/** Instances of production are called by their owner; only those of the clone are the stack's. */
const ofInstances = (sid: string) =>
  on(sid, (account, instances) => instanceArns(account, account.side === 'source' ? instances : []));

const ticket = (sid: string) =>
  on(sid, (account) => [account.arn('ssm', `parameter${ticketParameter(account.environment.name)}`)]);

/** A key of a third account answers nobody here. */
const keyPolicy: Scope = (account) => {
  const arn = account.environment.kms.sourceKeyArn;
  return arn === undefined || parseArn(arn)?.accountId !== account.accountId ? null : { sid: 'KeyPolicy', on: [arn] };
};

const SCOPES: Readonly<Record<string, Scope>> = {
  'ec2:DescribeRouteTables': anything('Around'),
  'ec2:DescribeSecurityGroupRules': anything('Around'),
  'kms:GetKeyPolicy': keyPolicy,
  'rds:DescribeBlueGreenDeployments': anything('BlueGreen'),
  'rds:DescribeDBClusters': on('Cluster', (account) => [cluster(account)]),
  // Whichever is attached.
  'rds:DescribeDBClusterParameters': on('Parameters', (account) => [account.arn('rds', 'cluster-pg:*')]),
  // It asks for those of the cluster by a filter, and RDS looks at all of them.
  'rds:DescribeDBInstances': on('InstancesRead', (account) => [account.arn('rds', 'db:*')]),
  'rds:DescribeDBLogFiles': ofInstances('Logs'),
  'rds:DownloadDBLogFilePortion': ofInstances('Logs'),
  'rds:ModifyDBCluster': on('AttachGroup', (account) => [cluster(account), ...groups(account)]),
  'rds:RebootDBInstance': ofInstances('Reboot'),
  'secretsmanager:GetSecretValue': on('Logins', logins),
  'secretsmanager:PutSecretValue': on('ReplicationPassword', (account) => [roleSecret(account)]),
  'ssm:DeleteParameter': ticket('WriteTicket'),
  'ssm:GetParameter': ticket('ReadTicket'),
  'ssm:PutParameter': ticket('WriteTicket'),
};

/** @param instances names of production's instances, with `*` and `?`; none: `<cluster>-<number>` */
export function runnerGrants(actions: readonly string[], account: AccountArns, instances: readonly string[]): Grant[] {
  const grants = actions.flatMap((action) => {
    const scope = SCOPES[action];
    if (scope === undefined) throw new Error(`Nothing is known of what ${action} is called on.`);
    const scoped = scope(account, instances);
    return scoped === null ? [] : [{ ...scoped, actions: [action] }];
  });
  return [...grants, ...(actions.includes('secretsmanager:GetSecretValue') ? secretKey(account) : [])];
}

/** The key that the environment gives the master user's secret. A caller needs it beside the secret. */
function secretKey(account: AccountArns): Grant[] {
  const key =
    account.side === 'source' ? account.environment.source.cluster.create?.masterUser?.secretKeyArn : undefined;
  if (key === undefined) return [];
  const service = `secretsmanager.${account.environment.region}.amazonaws.com*`;
  return [
    { sid: 'LoginKey', actions: ['kms:Decrypt'], on: [key], when: { StringLike: { 'kms:ViaService': service } } },
  ];
}
