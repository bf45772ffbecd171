import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import { vpcCidrs } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { dashed, namedBy } from './named-by';

/**
 * The clone's security group: it lets out only to the database port of the
 * source, where the subscription connects, and in only the addresses that the
 * environment names. Who else may use the clone is said by the groups that it
 * adds.
 */
export class CloneSecurityGroup extends Construct {
  readonly id: string;
  private readonly clientCidrs: readonly string[];

  constructor(scope: Construct, id: string, props: { environment: Environment; sourcePort: number }) {
    super(scope, id);
    const { environment, sourcePort } = props;
    const group = new SecurityGroup(this, 'group', {
      name: objectName(environment.name, 'clone'),
      description: `Clone of environment ${environment.name}: replication from the source`,
      vpcId: environment.target.network.vpcId,
    });
    const { network } = environment.source;
    for (const cidrIpv4 of vpcCidrs(network))
      new VpcSecurityGroupEgressRule(this, namedBy('egress', cidrIpv4, network.vpcCidr), {
        securityGroupId: group.id,
        cidrIpv4,
        ipProtocol: 'tcp',
        fromPort: sourcePort,
        toPort: sourcePort,
        description: 'To the source cluster',
      });
    this.id = group.id;
    this.clientCidrs = environment.target.network.clientCidrs;
  }

  /** Lets in whoever has that group, once the clone is there and says its port. */
  letGroupIn(id: string, groupId: string, port: number, count: TerraformCount): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, id, {
      count,
      securityGroupId: this.id,
      referencedSecurityGroupId: groupId,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      description: 'sql-runner',
    });
  }

  /** Lets the clients in, once the clone is there and says its port. */
  letClientsIn(port: number, count: TerraformCount): void {
    for (const cidrIpv4 of this.clientCidrs) {
      new VpcSecurityGroupIngressRule(this, `from-${dashed(cidrIpv4)}`, {
        count,
        securityGroupId: this.id,
        cidrIpv4,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: 'Users of the clone',
      });
    }
  }
}
