import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import type { TerraformCount } from 'cdktf';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import { vpcCidrs } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import { dashed } from '../network/named-by';

export interface RunnerNetworkProps {
  readonly environment: Environment;
  readonly sourcePort: number;
  /** Where a token is, Terraform orders what is made after it. */
  readonly clonePort: number;
  /** Of the rule that needs the clone's port. */
  readonly count: TerraformCount;
  readonly cloneGroupId: string;
}

const HTTPS = 443;
/** Registry, logs and APIs of AWS have no addresses of their own that would last. */
const ANYWHERE = '0.0.0.0/0';

/** Nobody reaches a task. It reaches both databases, and by HTTPS the APIs of AWS. */
export class RunnerNetwork extends Construct {
  readonly groupId: string;
  readonly rules: readonly VpcSecurityGroupEgressRule[];

  constructor(scope: Construct, id: string, props: RunnerNetworkProps) {
    super(scope, id);
    const { environment, sourcePort, clonePort, count, cloneGroupId } = props;
    const group = new SecurityGroup(this, 'group', {
      name: objectName(environment.name, 'runner'),
      description: `sql-runner of environment ${environment.name}: out to both databases and to AWS`,
      vpcId: environment.target.network.vpcId,
    });
    const out = (to: string, port: number, description: string, where: object) =>
      new VpcSecurityGroupEgressRule(this, `to-${to}`, {
        securityGroupId: group.id,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description,
        ...where,
      });
    this.groupId = group.id;
    this.rules = [
      ...vpcCidrs(environment.source.network).map((cidrIpv4, index) =>
        out(index === 0 ? 'source' : `source-${dashed(cidrIpv4)}`, sourcePort, 'To the source cluster', { cidrIpv4 }),
      ),
      out('clone', clonePort, 'To the clone', { referencedSecurityGroupId: cloneGroupId, count }),
      out('aws', HTTPS, 'To the APIs of AWS', { cidrIpv4: ANYWHERE }),
    ];
  }
}
