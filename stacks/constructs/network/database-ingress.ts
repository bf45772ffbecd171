import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { namedBy } from './named-by';

export interface DatabaseIngressProps {
  readonly securityGroupIds: readonly string[];
  /** CIDR blocks that may connect. */
  readonly from: readonly string[];
  /** The block of them that the rules are not named after, if it is among them. */
  readonly first: string;
  readonly port: number;
  readonly description: string;
}

/** Lets CIDR blocks in on the database port of each security group. A VPC in another account needs no more. */
export class DatabaseIngress extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseIngressProps) {
    super(scope, id);
    for (const securityGroupId of props.securityGroupIds)
      for (const cidrIpv4 of props.from)
        new VpcSecurityGroupIngressRule(this, namedBy(securityGroupId, cidrIpv4, props.first), {
          securityGroupId,
          cidrIpv4,
          ipProtocol: 'tcp',
          fromPort: props.port,
          toPort: props.port,
          description: props.description,
        });
  }
}
