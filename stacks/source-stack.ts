import type { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import { Annotations, TerraformOutput, TerraformResource, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';
import { parameterGroupName, replicationRole, stackNames, ticketParameter } from '../contract/naming';
import { cloneCidrs, makersOf, vpcCidrs } from '../environments/network';
import { parameterNotes } from '../environments/rules/parameters';
import type { Environment } from '../environments/schema';
import { AccountStack } from './account-stack';
import type { Budget, PublishedContract, SourceContract } from '../contract/contract';
import { parseSize } from '../contract/size';
import { accountContract, contractHeader, contractOutput } from './contract-output';
import { addressOf } from './constructs/cluster/address';
import { ClusterShare } from './constructs/sharing/cluster-share';
import { DatabaseIngress } from './constructs/network/database-ingress';
import { forgets, ofProductionBut } from './constructs/cluster/forgotten-resources';
import { ownerOutputs } from './constructs/owner/owner-outputs';
import { keyPolicyStatementsOf, kmsKeyPolicyOutput } from './constructs/sharing/kms-key-policy';
import { logicalReplicationGroup } from './constructs/cluster/logical-replication-group';
import { handedOver } from './constructs/network/handed-over';
import { sourceWay, type SourceWay } from './constructs/network/source-way';
import { WayRoutes } from './constructs/network/way-routes';
import { production } from './constructs/cluster/production';
import { replicationSecret } from './constructs/sharing/replication-secret';
import { countStreams, linksOf } from './links';
import { ClusterMonitoring } from './constructs/monitoring/cluster-monitoring';
import { literals } from './constructs/cluster/literals';
import { storageZones } from './constructs/cluster/storage-zones';
import { ownersParameters, sourceParameters } from './constructs/cluster/sizing';
import { productionContract } from './production-contract';
import { PEERING_OUTPUT, SHARE_OUTPUT, ZONES_OUTPUT } from './source-outputs';

/** Everything in the account of the production cluster. Whose the cluster itself is, its mode says. */
export class SourceStack extends AccountStack {
  /** @param beside numbers of streams of the other environments on the cluster */
  constructor(scope: Construct, environment: Environment, beside: readonly number[]) {
    super(scope, stackNames(environment.name).source, environment, 'source');
    const { source, target, replication } = environment;
    const links = linksOf(environment);
    const { manage } = source;
    const wanted = sourceParameters(countStreams(links), source.cluster.extraParameters, beside);
    const parameters = manage.parameterGroup === 'owner' ? ownersParameters(wanted) : wanted;

    // cdktf shows them at each synth; they are no part of the JSON.
    for (const { code, seen, why, next } of parameterNotes(environment)) {
      Annotations.of(this).addWarning(`${code}: ${seen} ${why} ${next}`);
    }
    const { mode, parameterGroup } = source.cluster;
    const { group, ...cluster } = production(this, environment, () =>
      manage.parameterGroup === 'owner' ? undefined : logicalReplicationGroup(this, environment, 'source', parameters),
    );
    const way = this.network(environment, cluster.port);
    const share = new ClusterShare(this, 'cluster', {
      environment,
      clusterArn: cluster.arn,
      peeringConnectionId: way.newPeeringId,
    });
    const secret = replicationSecret(this, environment);
    new ClusterMonitoring(this, 'monitoring', {
      environment,
      side: 'source',
      clusterIdentifier: source.cluster.identifier,
      clusterArn: cluster.arn,
    });

    const published: PublishedContract = {
      ...contractHeader(environment),
      side: 'source',
      account: accountContract(source),
      targetAccount: accountContract(target),
      cluster: cluster.contract,
      ...(mode === 'existing' ? {} : { owned: true }),
      parameterGroup: {
        name: group?.name ?? parameterGroupName(environment.name, 'source', source.cluster.majorVersion),
        previous: parameterGroup ?? group!.name,
        parameters: literals(parameters),
        ...(mode === 'create' ? { stays: true } : {}),
      },
      replication: {
        role: replication.role ?? replicationRole(environment.name),
        secretArn: secret.arn,
        sslRootCert: literals(replication.sslRootCert),
      },
      ticketParameter: ticketParameter(environment.name),
      stacks: stackNames(environment.name),
      links: literals(links),
      acknowledge: environment.acknowledge,
      ...rolesOf(environment),
      budget: budgetOf(environment),
      production: productionContract(environment, way.hop),
    };
    contractOutput(this, published, cluster.instances);
    new TerraformOutput(this, SHARE_OUTPUT, {
      description: 'RAM share for the target stack to accept.',
      value: share.arn,
    });
    if (way.newPeeringId !== undefined)
      new TerraformOutput(this, PEERING_OUTPUT, {
        description: 'Peering for the target stack to accept.',
        value: way.newPeeringId,
      });
    new TerraformOutput(this, ZONES_OUTPUT, {
      description:
        'Availability Zones of the storage of the source, by id; the subnets of the clone must be in two of them.',
      value: storageZones(this, cluster.zones),
    });
    kmsKeyPolicyOutput(this, environment);
    ownerOutputs(this, {
      environment,
      parameters,
      port: Tokenization.stringifyNumber(cluster.port),
      hop: way.hop,
      keyPolicyStatements: keyPolicyStatementsOf(environment),
    });
    forgets(this, [
      ...(mode === 'create' ? [] : ofProductionBut(cluster.owned.map(addressOf))),
      ...handedOver(environment, 'source'),
    ]);
    if (mode !== 'create' && group !== undefined) destroyedFirst(this, group, cluster.owned);
  }

  /** The way to the target, and what lets the clone in. */
  private network(environment: Environment, port: number): SourceWay {
    const { source, target } = environment;
    const makers = makersOf(environment);
    const way = sourceWay(this, environment);
    if (way.hop !== null && makers.routes === 'stack')
      new WayRoutes(this, 'to-target', {
        routeTableIds: source.network.routeTableIds,
        destinations: vpcCidrs(target.network),
        hop: way.hop,
      });
    if (makers.securityGroupRules === 'stack')
      new DatabaseIngress(this, 'from-target', {
        securityGroupIds: source.network.securityGroupIds,
        from: cloneCidrs(environment),
        first: target.network.vpcCidr,
        port,
        description: `Replication to the clone of environment ${environment.name}`,
      });
    return way;
  }
}

/**
 * RDS refuses to delete a group that is attached, and it is attached as long as there are slots: only teardown puts the
 * former one back. Terraform destroys first what depends on everything else, so that refusal comes while all of it is
 * still there, instead of after the rules and routes that a running stream needs. A new cluster refers to the group, so it
 * goes before it anyway.
 *
 * @param attachedTo what refers to the group itself
 */
function destroyedFirst(
  stack: SourceStack,
  group: RdsClusterParameterGroup,
  attachedTo: readonly TerraformResource[],
): void {
  const all = stack.node
    .findAll()
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
  group.dependsOn = all
    .filter((resource) => resource !== group && !attachedTo.includes(resource))
    .map(addressOf)
    .sort();
}

function rolesOf({ roles, ownRoles }: Environment): Pick<SourceContract, 'roles'> {
  return roles === 'follow' ? { roles: { own: literals(ownRoles ?? []) } } : {};
}

function budgetOf({ budget, onBudget }: Environment): Budget | undefined {
  if (budget === undefined) return undefined;
  const bytes = budget.bytes === undefined ? null : parseSize(budget.bytes);
  return { bytes, hours: budget.hours ?? null, onBudget };
}
