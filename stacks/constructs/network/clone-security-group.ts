import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/**
 * The clone's security group: it lets nobody in, and out only to the database
 * port of the source, where the subscription connects. Who may use the clone is
 * said by the groups that the environment adds.
 */
export class CloneSecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: { environment: Environment; sourcePort: number }) {
    super(scope, id);
    const { environment, sourcePort } = props;
    const group = new SecurityGroup(this, 'group', {
      name: objectName(environment.name, 'clone'),
      description: `Clone of environment ${environment.name}: replication from the source`,
      vpcId: environment.target.network.vpcId,
    });
    new VpcSecurityGroupEgressRule(this, 'egress', {
      securityGroupId: group.id,
      cidrIpv4: environment.source.network.vpcCidr,
      ipProtocol: 'tcp',
      fromPort: sourcePort,
      toPort: sourcePort,
      description: 'To the source cluster',
    });
    this.id = group.id;
  }
}
