import { z } from 'zod';
import { resourceId } from './aws';

const mode = z.enum(['peering', 'transit-gateway', 'existing']).default('peering').meta({
  description:
    'peering: a VPC peering, which the source stack asks for and the target stack accepts. transit-gateway: one that both VPCs are attached to; the stacks make the routes to it. existing: the way is there, neither stack makes anything of it, and plan and doctor look whether it leads there and back (docs/networks.md).',
});

/** Of a VPC that is whose network team's, mostly; so ids come in from outside. */
export const networkSchema = z
  .strictObject({
    mode,
    peeringConnectionId: resourceId(
      'pcx',
      'VPC peering connection',
      'Peering of the two VPCs that there is already: neither stack makes or accepts one, and the routes lead over it. With mode peering only.',
    ).optional(),
    transitGatewayId: resourceId(
      'tgw',
      'transit gateway',
      'Transit gateway that both VPCs are attached to. With mode transit-gateway only, which needs it.',
    ).optional(),
    remoteDns: z.boolean().optional().meta({
      description:
        'The target VPC resolves public names of the source VPC, such as that of a publicly accessible cluster, to private addresses. With a peering that the stacks make; true and false take a second deploy of the source stack, once the peering is accepted. Absent: the stacks do not touch it, and one that is on stays on.',
    }),
  })
  .default({ mode: 'peering' })
  .meta({ description: 'The way between the two VPCs.' });
