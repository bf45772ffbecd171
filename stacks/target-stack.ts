import { RamResourceShareAccepter } from '@cdktf/provider-aws/lib/ram-resource-share-accepter';
import { TerraformLocal, TerraformOutput, Token, type ITerraformDependable, type Precondition } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName, stackNames } from '../contract/naming';
import { vpcCidrs, wayOf } from '../environments/network';
import type { Environment } from '../environments/schema';
import { AccountStack } from './account-stack';
import { remoteState } from './backend';
import { CONTRACT_OUTPUT } from '../contract/contract';
import { accountContract, contractHeader, contractOutput } from './contract-output';
import { Clone } from './constructs/cluster/clone';
import { CloneSecurityGroup } from './constructs/network/clone-security-group';
import { forgets } from './constructs/cluster/forgotten-resources';
import { cloneSubnets } from './constructs/network/clone-subnets';
import { oneSharingMode } from './constructs/sharing/one-sharing-mode';
import { readableKeys } from './constructs/sharing/readable-keys';
import { shareForTheNextClone } from './constructs/sharing/share-for-the-next-clone';
import { ClusterMonitoring } from './constructs/monitoring/cluster-monitoring';
import { partitionOf } from './constructs/cluster/iam-role';
import { CloneTicketGate } from './constructs/cluster/clone-ticket-gate';
import { logicalReplicationGroup } from './constructs/cluster/logical-replication-group';
import { handedOver } from './constructs/network/handed-over';
import { targetWay } from './constructs/network/target-way';
import { WayRoutes } from './constructs/network/way-routes';
import { Runner } from './constructs/runner/runner';
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
    const without = withoutSource(sourceStack, wayOf(environment).kind === 'new-peering');
    const source = remoteState(this, 'source', environment.backend, sourceStack, 'target', without);

    const { hop, offered } = targetWay(this, environment, () => source.getString(PEERING_OUTPUT));
    if (hop !== null)
      new WayRoutes(this, 'to-source', {
        routeTableIds: network.routeTableIds,
        destinations: vpcCidrs(environment.source.network),
        hop,
      });
    forgets(this, [...notLeft(environment), ...handedOver(environment, 'target')]);
    const sourcePort = Token.asNumber(source.get(`${CONTRACT_OUTPUT}.cluster.port`));
    const securityGroup = new CloneSecurityGroup(this, 'clone-network', { environment, sourcePort });
    const group = logicalReplicationGroup(this, environment, 'target', parametersOf(environment, beside));
    const storageZones = `data.terraform_remote_state.${source.friendlyUniqueId}.outputs.${ZONES_OUTPUT}`;
    const subnets = cloneSubnets(this, { environment, storageZones });
    readableKeys(this, environment);
    const gate = new CloneTicketGate(this, 'clone-ticket', {
      environment: environment.name,
      subnetGroup: objectName(environment.name, 'clone'),
    });
    shareForTheNextClone(this, environment.name, gate.cloneGivesWay);
    const clone = new Clone(this, 'clone', {
      environment,
      sourceArn: source.getString(`${CONTRACT_OUTPUT}.cluster.arn`),
      parameterGroupName: group.name,
      subnetGroupName: subnets.name,
      securityGroupIds: [securityGroup.id, ...network.securityGroupIds],
      gate,
      dependsOn: this.acceptedShare(environment, source.getString(SHARE_OUTPUT), offered),
    });
    oneSharingMode(this, 'sharing-mode', { environment, side: 'target', count: clone.count });
    securityGroup.letClientsIn(Token.asNumber(clone.first('port')), clone.count);
    const { topicArn } = new ClusterMonitoring(this, 'monitoring', {
      environment,
      side: 'target',
      clusterIdentifier: environment.target.clone.identifier,
      clusterArn: cloneArn(environment),
      actionsEnabled: Token.asAny(`\${${gate.cloneWanted}}`),
    });
    const contract = targetContract(environment, clone, gate);
    // The endpoint answers only once an instance is there.
    contractOutput(this, contract, clone.instances);
    new TerraformOutput(this, 'next_step', {
      description: 'What comes after this deploy.',
      value: `\${${gate.cloneWanted} ? "${cloneTaken(environment)}" : "${noCloneYet(environment)}"}`,
    });
    const { runner } = environment.target;
    if (runner === undefined) return;
    const none = new TerraformLocal(this, 'no-secret', noSecret(environment));
    new Runner(this, 'runner', {
      environment,
      runner,
      sourceContract: source.get(CONTRACT_OUTPUT),
      contract,
      sourcePort,
      clone: {
        clusterArn: cloneArn(environment),
        adminSecretArn: clone.attribute('master_user_secret[0].secret_arn', none),
        port: Token.asNumber(clone.first('port')),
      },
      count: clone.count,
      cloneNetwork: securityGroup,
      instances: clone.instances,
      topicArn,
    });
  }

  /** Within an organisation there is no invitation, and accepting one that does not exist is an error. */
  private acceptedShare(environment: Environment, shareArn: string, offered?: Precondition): ITerraformDependable[] {
    if (environment.sharing.mode === 'organization') return [];
    const lifecycle = offered === undefined ? {} : { precondition: [offered] };
    return [new RamResourceShareAccepter(this, 'cluster-share', { shareArn, lifecycle })];
  }
}

/** To destroy an accepter is to leave its share, which the next clone is taken of as well. */
const notLeft = ({ sharing }: Environment): string[] =>
  sharing.mode === 'organization' ? ['aws_ram_resource_share_accepter.cluster_share'] : [];

function targetContract(environment: Environment, clone: Clone, gate: CloneTicketGate) {
  return {
    ...contractHeader(environment),
    side: 'target' as const,
    account: accountContract(environment.target),
    cluster: {
      identifier: clone.attribute('cluster_identifier'),
      arn: clone.attribute('arn'),
      endpoint: clone.attribute('endpoint'),
      port: Token.asNumber(clone.attribute('port')),
      engineVersion: clone.attribute('engine_version_actual'),
      adminSecretArn: clone.attribute('master_user_secret[0].secret_arn'),
    },
    ticketNonce: gate.nonce,
    readOnly: environment.target.clone.readOnly,
  };
}

const cloneTaken = ({ name }: Environment): string =>
  `Run: sql-runner apply ${name} — it connects the clone, or says that there is nothing to do.`;

function noCloneYet({ name }: Environment): string {
  return `There is no clone yet, as there is no clone ticket: it proves that the replication slots were made before the clone. All else is ready, and what production has offered is accepted. Run: sql-runner apply ${name}, then cdktf deploy ${stackNames(name).target} again.`;
}

/** Known before the clone is there, as alarms and rules are. */
const cloneArn = ({ region, target }: Environment): string =>
  `arn:${partitionOf(region)}:rds:${region}:${target.accountId}:cluster:${target.clone.identifier}`;

/** A policy has to name something while there is no clone. */
const noSecret = ({ region, target }: Environment): string =>
  `arn:${partitionOf(region)}:secretsmanager:${region}:${target.accountId}:secret:none`;

function parametersOf(environment: Environment, beside: readonly number[]) {
  const { majorVersion, extraParameters } = environment.source.cluster;
  const streams = countStreams(linksOf(environment));
  return targetParameters(streams, majorVersion, {
    source: sourceParameters(streams, extraParameters, beside),
    own: environment.target.clone.extraParameters,
  });
}
