import { z } from 'zod';

/** Who makes a thing around the production cluster: our source stack, or the owner of production in their own Terraform. */
export const MAKERS = ['stack', 'owner'] as const;
export type Maker = (typeof MAKERS)[number];

const makerSchema = z.enum(MAKERS);

/** What the account of production has to have for a clone, besides the cluster, and who makes it. */
export const productionSchema = z.object({
  manage: z.object({
    parameterGroup: makerSchema,
    securityGroupRules: makerSchema,
    routes: makerSchema,
    /** A key has one policy, which a stack could only replace whole. */
    keyPolicy: z.literal('owner'),
  }),
  /** Addresses that the clone may have, in one block or several: the rules let them in, the routes lead there. */
  targetCidr: z.union([z.string(), z.array(z.string()).min(1)]),
  securityGroupIds: z.array(z.string()),
  routeTableIds: z.array(z.string()),
  /** Null: no peering leads there. */
  peeringConnectionId: z.string().nullable(),
  /** Absent: no transit gateway leads there; with no peering either, it is not known what does. */
  transitGatewayId: z.string().optional(),
  /** Null: production is not encrypted. */
  sourceKeyArn: z.string().nullable(),
  /** Where the target stack makes no routes: tables of the clone's subnets, and the blocks of production they lead to. */
  wayBack: z.object({ routeTableIds: z.array(z.string()), cidrs: z.array(z.string()) }).optional(),
});

export type Production = z.infer<typeof productionSchema>;

/** What the routes to the clone lead to; null: whatever its network has. */
export const hopOf = ({ peeringConnectionId, transitGatewayId }: Production): string | null =>
  peeringConnectionId ?? transitGatewayId ?? null;

/** All blocks that the clone may be in. */
export const targetCidrs = ({ targetCidr }: Production): readonly string[] =>
  typeof targetCidr === 'string' ? [targetCidr] : targetCidr;

/** Names of the outputs of the source stack that its owner reads: the same changes, in both syntaxes of Terraform. */
export const OWNER_HCL_OUTPUT = 'owner_hcl';
export const OWNER_JSON_OUTPUT = 'owner_json';
