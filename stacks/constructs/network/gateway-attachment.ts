import { DataAwsEc2TransitGatewayVpcAttachments } from '@cdktf/provider-aws/lib/data-aws-ec2-transit-gateway-vpc-attachments';
import type { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';

/** In both of them packets go through (EC2, TransitGatewayVpcAttachment, State). */
const AT_WORK = ['available', 'modifying'];

/**
 * Attachments come from whoever has the gateway, as do its own route tables. That this VPC has one is looked at here: to a
 * route of a VPC that has none AWS says that the gateway does not exist.
 */
export function gatewayAttachment(scope: Construct, environment: Environment, side: Side, gatewayId: string): void {
  const { vpcId } = environment[side].network;
  new DataAwsEc2TransitGatewayVpcAttachments(scope, 'attachments', {
    filter: [
      { name: 'transit-gateway-id', values: [gatewayId] },
      { name: 'vpc-id', values: [vpcId] },
      { name: 'state', values: AT_WORK },
    ],
    lifecycle: {
      postcondition: [
        {
          condition: '${length(self.ids) > 0}',
          errorMessage: `${vpcId} has no attachment to ${gatewayId} that is available, or account ${environment[side].accountId} cannot see it. Whoever has the gateway attaches the VPC, and accepts the attachment. Where the VPC belongs to another account, which shares its subnets, write network.mode: existing.`,
        },
      ],
    },
  });
}
