import { parseArn } from '../../environments/arn';
import { parameterSettings } from '../../environments/parameters/setting';
import type { Environment } from '../../environments/schema';
import { OperatorError } from '../../errors/operator-error';
import { findParameter } from './parameter-catalog';
import { defaultGroupName } from './parameter-groups';
import { addWay, subnetBlock } from './way-there';
import type { Account, World } from './world';
import { zoneOf } from './zones';

/**
 * The accounts as they are before Terraform and sql-runner come: networks, keys, parameter groups.
 *
 * @param beside other environments of the same production cluster
 */
export function buildWorld(environment: Environment, beside: readonly Environment[] = []): World {
  const { region, sharing } = environment;
  const world: World = {
    region,
    organization: sharing.mode === 'organization',
    accounts: {},
    shares: {},
    peerings: {},
  };
  for (const one of [environment, ...beside]) addEnvironment(world, one);
  return world;
}

function addEnvironment(world: World, environment: Environment): void {
  const { region } = world;
  const { source, target, kms } = environment;
  const sourceAccount = accountOf(world, source);
  const targetAccount = accountOf(world, target);
  addNetwork(sourceAccount, region, source.network, sourceSubnets(source));
  addNetwork(targetAccount, region, target.network, target.network.subnetIds);
  addWay(world, environment);
  // Trusts the role of the tasks, and asks them for nothing.
  const ofTasks = target.runner?.sourceRoleArn;
  if (ofTasks !== undefined) sourceAccount.roles![roleName(ofTasks)] = { externalId: null };
  for (const key of [kms.sourceKeyArn, kms.targetKeyArn, source.cluster.create?.masterUser?.secretKeyArn])
    addKey(world, key);
  addParameterGroups(environment, sourceAccount, targetAccount);
  sourceAccount.subnetGroups[PRODUCTION_SUBNETS] = {
    name: PRODUCTION_SUBNETS,
    description: 'Subnets of the production cluster',
    vpcId: source.network.vpcId,
    subnetIds: Object.keys(sourceAccount.subnets),
  };
}

export const PRODUCTION_SUBNETS = 'production';

/** That of an environment before, with what this one needs besides, or a new one. */
function accountOf({ accounts }: World, side: Environment['source' | 'target']): Account {
  const account = (accounts[side.accountId] ??= emptyAccount(side.accountId));
  Object.assign(account.roles!, rolesOf(side));
  return account;
}

function emptyAccount(id: string): Account {
  return {
    id,
    roles: {},
    vpcs: {},
    subnets: {},
    routeTables: {},
    securityGroups: {},
    subnetGroups: {},
    parameterGroups: {},
    clusters: {},
    instances: {},
    secrets: {},
    ssmParameters: {},
    kmsKeys: {},
  };
}

/** Those that the environment names: whoever may assume them must send its external id. */
function rolesOf({ roleArn, runnerRoleArn, externalId }: Environment['source' | 'target']): Account['roles'] {
  const arns = [roleArn, runnerRoleArn].flatMap((arn) => arn ?? []);
  return Object.fromEntries(arns.map((arn) => [roleName(arn), { externalId: externalId ?? null }]));
}

const roleName = (arn: string): string => parseArn(arn)!.resource.replace(/^role\//, '');

/** Only of a new cluster the environment names the subnets; else they are derived from its VPC. */
function sourceSubnets({ network, cluster }: Environment['source']): string[] {
  const { subnetIds } = cluster.create?.network ?? {};
  if (subnetIds !== undefined) return subnetIds;
  const digits = network.vpcId.replace('vpc-', '').slice(0, -1);
  return [`subnet-${digits}1`, `subnet-${digits}2`];
}

type Network = Environment['source']['network'] & { readonly subnetCidrs?: readonly string[] };

function addNetwork(account: Account, region: string, network: Network, subnetIds: readonly string[]): void {
  const { vpcId, vpcCidr, secondaryCidrs, vpcOwnerId, routeTableIds, securityGroupIds } = network;
  const isShared = vpcOwnerId !== undefined && vpcOwnerId !== account.id;
  account.vpcs[vpcId] = { id: vpcId, cidr: vpcCidr, secondaryCidrs, ...(isShared ? { ownerId: vpcOwnerId } : {}) };
  subnetIds.forEach((id, index) => {
    const cidr = network.subnetCidrs?.[index] ?? subnetBlock(vpcCidr, index);
    account.subnets[id] = { id, vpcId, availabilityZone: zoneOf(region, id), cidr };
  });
  for (const id of routeTableIds) account.routeTables[id] ??= { id, vpcId, routes: [] };
  for (const id of securityGroupIds) {
    account.securityGroups[id] ??= { id, name: `lab-${id}`, description: 'Exists before Terraform', vpcId, rules: {} };
  }
}

function addKey(world: World, keyArn: string | undefined): void {
  if (keyArn === undefined) return;
  const owner = world.accounts[parseArn(keyArn)?.accountId ?? ''];
  if (owner !== undefined) owner.kmsKeys[keyArn] = { arn: keyArn, grants: {} };
}

function addParameterGroups({ source }: Environment, ...accounts: readonly Account[]): void {
  const family = `aurora-postgresql${source.cluster.majorVersion}`;
  const name = defaultGroupName(family);
  for (const account of accounts) {
    account.parameterGroups[name] = {
      name,
      family,
      description: `Default cluster parameter group for ${family}`,
      parameters: {},
      tags: {},
    };
  }
  const today = source.cluster.parameterGroup;
  const owner = accounts[0];
  if (owner === undefined || today === undefined || today === name) return;
  const parameters = parameterSettings(source.cluster.extraParameters).map(
    ({ name: parameter, value }) => [known(family, parameter), { value, applyMethod: 'pending-reboot' }] as const,
  );
  const description = 'Today’s group of the production cluster';
  owner.parameterGroups[today] = {
    name: today,
    family,
    description,
    parameters: Object.fromEntries(parameters),
    tags: {},
  };
}

function known(family: string, parameter: string): string {
  if (findParameter(family, parameter) !== undefined) return parameter;
  throw new OperatorError({
    code: 'LAB_PARAMETER_UNKNOWN',
    seen: `source.cluster.extraParameters names "${parameter}", which the lab's stand-in for ${family} does not have.`,
    why: 'The lab could not act on the parameter, and Terraform would be refused when it sets it.',
    next: 'Leave it out of the environment that the lab is built from, or add it to environments/parameters/aurora.tsv.',
  });
}
