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
  /** Addresses of the clone's VPC: the rules let them in, the routes lead there. */
  targetCidr: z.string(),
  securityGroupIds: z.array(z.string()),
  routeTableIds: z.array(z.string()),
  peeringConnectionId: z.string(),
  /** Null: production is not encrypted. */
  sourceKeyArn: z.string().nullable(),
});

export type Production = z.infer<typeof productionSchema>;

/** Names of the outputs of the source stack that its owner reads: the same changes, in both syntaxes of Terraform. */
export const OWNER_HCL_OUTPUT = 'owner_hcl';
export const OWNER_JSON_OUTPUT = 'owner_json';
