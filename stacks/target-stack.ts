import { RamResourceShareAccepter } from '@cdktf/provider-aws/lib/ram-resource-share-accepter';
import { Token, type ITerraformDependable, type TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';
import { stackNames } from '../contract/naming';
import type { Environment } from '../environments/schema';
import { AccountStack } from './account-stack';
import { remoteState } from './backend';
import { CONTRACT_OUTPUT } from '../contract/contract';
import { accountContract, contractHeader, contractOutput } from './contract-output';
import { Clone } from './constructs/cluster/clone';
import { CloneSecurityGroup } from './constructs/network/clone-security-group';
import { cloneSubnets } from './constructs/network/clone-subnets';
import { readableKeys } from './constructs/sharing/readable-keys';
import { ClusterMonitoring } from './constructs/monitoring/cluster-monitoring';
import { CloneTicketGate } from './constructs/cluster/clone-ticket-gate';
import { logicalReplicationGroup } from './constructs/cluster/logical-replication-group';
import { Runner } from './constructs/runner/runner';
import { peeringAccepter } from './constructs/network/peering-accepter';
import { PeeringRoutes } from './constructs/network/peering-routes';
import { countStreams, linksOf } from './links';
import { sourceParameters, targetParameters } from './constructs/cluster/sizing';
import { PEERING_OUTPUT, SHARE_OUTPUT, withoutSource, ZONES_OUTPUT } from './source-outputs';

/** Everything in the account that gets the clone. What it needs of the source it reads from that stack's state. */
export class TargetStack extends AccountStack {
  /** @param beside numbers of streams of the other environments on the source cluster, whose slots the clone inherits */
  constructor(scope: Construct, environment: Environment, beside: readonly number[]) {
    super(scope, stackNames(environment.name).target, environment, 'target');
    const { network } = environment.target;
    const sourceStack = stackNames(environment.name).source;
    const without = withoutSource(sourceStack);
    const source = remoteState(this, 'source', environment.backend, sourceStack, 'target', without);

    const peering = peeringAccepter(this, environment, source.getString(PEERING_OUTPUT));
    new PeeringRoutes(this, 'to-source', {
      routeTableIds: network.routeTableIds,
      destination: environment.source.network.vpcCidr,
      peeringConnectionId: peering.id,
    });
    const sourcePort = Token.asNumber(source.get(`${CONTRACT_OUTPUT}.cluster.port`));
    const securityGroup = new CloneSecurityGroup(this, 'clone-network', { environment, sourcePort });
    const group = logicalReplicationGroup(this, environment, 'target', parametersOf(environment, beside));
    const storageZones = `data.terraform_remote_state.${source.friendlyUniqueId}.outputs.${ZONES_OUTPUT}`;
    const subnets = cloneSubnets(this, { environment, storageZones });
    readableKeys(this, environment);
    const gate = new CloneTicketGate(this, 'clone-ticket', environment.name);
    const clone = new Clone(this, 'clone', {
      environment,
      sourceArn: source.getString(`${CONTRACT_OUTPUT}.cluster.arn`),
      parameterGroupName: group.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [securityGroup.id, ...network.securityGroupIds],
      gate,
      dependsOn: this.acceptedShare(environment, source),
    });
    securityGroup.letClientsIn(clone.cluster.port);
    const { topicArn } = new ClusterMonitoring(this, 'monitoring', {
      environment,
      side: 'target',
      clusterIdentifier: clone.cluster.clusterIdentifier,
      clusterArn: clone.cluster.arn,
    });
    const contract = targetContract(environment, clone, gate);
    // The endpoint answers only once an instance is there.
    contractOutput(this, contract, clone.instances);
    const { runner } = environment.target;
    if (runner === undefined) return;
    new Runner(this, 'runner', {
      environment,
      runner,
      sourceContract: source.get(CONTRACT_OUTPUT),
      contract,
      sourcePort,
      clone: {
        clusterArn: clone.cluster.arn,
        adminSecretArn: contract.cluster.adminSecretArn,
        port: clone.cluster.port,
      },
      cloneNetwork: securityGroup,
      instances: clone.instances,
      topicArn,
    });
  }

  /** Within an organisation there is no invitation, and accepting one that does not exist is an error. */
  private acceptedShare(environment: Environment, source: TerraformRemoteState): ITerraformDependable[] {
    if (environment.sharing.mode === 'organization') return [];
    return [new RamResourceShareAccepter(this, 'cluster-share', { shareArn: source.getString(SHARE_OUTPUT) })];
  }
}

function targetContract(environment: Environment, { cluster }: Clone, gate: CloneTicketGate) {
  return {
    ...contractHeader(environment),
    side: 'target' as const,
    account: accountContract(environment.target),
    cluster: {
      identifier: cluster.clusterIdentifier,
      arn: cluster.arn,
      endpoint: cluster.endpoint,
      port: cluster.port,
      engineVersion: cluster.engineVersionActual,
      adminSecretArn: cluster.masterUserSecret.get(0).secretArn,
    },
    ticketNonce: gate.nonce,
    readOnly: environment.target.clone.readOnly,
  };
}

function parametersOf(environment: Environment, beside: readonly number[]) {
  const { majorVersion, extraParameters } = environment.source.cluster;
  const streams = countStreams(linksOf(environment));
  return targetParameters(streams, majorVersion, sourceParameters(streams, extraParameters, beside));
}
