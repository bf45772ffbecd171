import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface DatabaseIngressProps {
  readonly securityGroupIds: readonly string[];
  /** CIDR block that may connect. */
  readonly from: string;
  readonly port: number;
  readonly description: string;
}

/** Lets a CIDR block in on the database port of each security group. A peered VPC in another account needs no more. */
export class DatabaseIngress extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseIngressProps) {
    super(scope, id);
    for (const securityGroupId of props.securityGroupIds) {
      new VpcSecurityGroupIngressRule(this, securityGroupId, {
        securityGroupId,
        cidrIpv4: props.from,
        ipProtocol: 'tcp',
        fromPort: props.port,
        toPort: props.port,
        description: props.description,
      });
    }
  }
}
