import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { World } from './fake-world';
import { ALLOWS_ALL, policyOf } from './production';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: Record<string, unknown>;
}

const failure = (name: string): Error => Object.assign(new Error(name), { name });

/** Puts the world in the place of both AWS accounts. @returns what puts AWS back */
export function replaceAws(world: World): () => void {
  const clients = [RDSClient, SecretsManagerClient, SSMClient, EC2Client, KMSClient] as readonly {
    prototype: { send: unknown };
  }[];
  const spies = clients.map(({ prototype }) =>
    jest
      .spyOn(prototype as { send: (command: Command) => Promise<object> }, 'send')
      .mockImplementation(async (command) => answer(world, command)),
  );
  return () => spies.forEach((spy) => spy.mockRestore());
}

function answer(world: World, { constructor: { name }, input }: Command): object {
  const call = name.replace(/Command$/, '');
  world.log.push(`aws ${call} ${JSON.stringify(input)}`);
  const refused = world.onAwsRefused(call);
  if (refused !== undefined) throw refused;
  switch (call) {
    case 'GetParameter':
      return ticket(world);
    case 'GetSecretValue':
      return secret(world, String(input['SecretId']));
    case 'PutSecretValue':
      world.written = JSON.parse(String(input['SecretString'])) as World['written'];
      return {};
    case 'DescribeDBClusters':
      return { DBClusters: [cluster(world, String(input['DBClusterIdentifier']))] };
    case 'DescribeDBInstances':
      return { DBInstances: [{ DBInstanceStatus: world.instanceStatus }] };
    case 'DescribeDBClusterParameters':
      return { Parameters: parameters(world, String(input['DBClusterParameterGroupName'])) };
    case 'DescribeDBLogFiles':
      return {
        DescribeDBLogFiles: world.cloneLog === null ? [] : [{ LogFileName: 'error/postgresql.log', LastWritten: 1 }],
      };
    case 'DownloadDBLogFilePortion':
      return { LogFileData: world.cloneLog };
    case 'DescribeSecurityGroupRules':
      return { SecurityGroupRules: ingress(world) };
    case 'DescribeRouteTables':
      return { RouteTables: routeTables(world) };
    case 'GetKeyPolicy':
      return { Policy: policyOf(ALLOWS_ALL) };
    case 'ModifyDBCluster':
      world.observation.source.cluster.parameterGroup = String(input['DBClusterParameterGroupName']);
      world.onAws(call);
      return {};
    default:
      world.onAws(call);
      return {};
  }
}

function ticket({ observation }: World): object {
  if (observation.ticket === null) throw failure('ParameterNotFound');
  return { Parameter: { Value: JSON.stringify(observation.ticket) } };
}

function secret({ contract, observation, written }: World, arn: string): object {
  if (arn !== contract.replication.secretArn)
    return { SecretString: JSON.stringify({ username: 'master', password: 'admin' }), VersionId: 'admin' };
  const { secretVersion } = observation.source;
  if (secretVersion === null && written === null) throw failure('ResourceNotFoundException');
  const login = written ?? { username: contract.replication.role, password: 'secret' };
  return { SecretString: JSON.stringify(login), VersionId: secretVersion ?? 'written' };
}

function cluster({ contract, observation, survey }: World, identifier: string): object {
  const facts = identifier === contract.cluster.identifier ? observation.source.cluster : survey.target.cluster;
  const writer = { DBInstanceIdentifier: facts.writer, IsClusterWriter: true };
  return {
    Status: facts.status,
    DBClusterParameterGroup: facts.parameterGroup,
    DBClusterMembers: [{ ...writer, DBClusterParameterGroupStatus: facts.parameterGroupStatus }],
  };
}

/** All that a clone needs around production is there. */
function ingress({ contract: { production, cluster } }: World): object[] {
  const port = { IpProtocol: 'tcp', FromPort: cluster.port, ToPort: cluster.port };
  return production!.securityGroupIds.map((GroupId) => ({ GroupId, ...port, CidrIpv4: production!.targetCidr }));
}

function routeTables({ contract: { production } }: World): object[] {
  const { targetCidr: DestinationCidrBlock, peeringConnectionId: VpcPeeringConnectionId } = production!;
  const Routes = [{ DestinationCidrBlock, VpcPeeringConnectionId, State: 'active' }];
  return production!.routeTableIds.map((RouteTableId) => ({ RouteTableId, Routes }));
}

/** What somebody has set in a group. */
function parameters({ contract, observation, survey }: World, group: string): object[] {
  const attached = observation.source.cluster.parameterGroup;
  const { groupParameters } = group === contract.parameterGroup.name ? survey.source : observation.source;
  const set = { ...(group === contract.parameterGroup.name || group === attached ? groupParameters : {}) };
  if (group === contract.parameterGroup.previous) {
    if (observation.source.previousGroupIsGone) throw failure('DBParameterGroupNotFoundFault');
    if (observation.source.previousGroupIsLogical) set['rds.logical_replication'] = '1';
    const { previousGroupSlots: slots } = observation.source;
    if (slots !== undefined) set['max_replication_slots'] = String(slots);
  }
  return Object.entries(set).map(([name, value]) => ({ ParameterName: name, ParameterValue: value }));
}
