import { z } from 'zod';
import { OperatorError } from '../errors/operator-error';

/** What is read of `terraform show -json` (developer.hashicorp.com/terraform/internals/json-format). */
const change = z.object({
  actions: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  importing: z.unknown().optional(),
});

const resourceChange = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string().optional(),
  type: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change,
});

const planSchema = z.object({
  format_version: z.string(),
  resource_changes: z.array(resourceChange).default([]),
  resource_drift: z.array(resourceChange).default([]),
  output_changes: z.record(z.string(), change).default({}),
  complete: z.boolean().default(true),
  errored: z.boolean().default(false),
});

export type ResourceChange = z.infer<typeof resourceChange>;
export type TerraformPlan = z.infer<typeof planSchema>;

/** Another major version may call things otherwise, and an unknown word must not be taken for "no changes". */
export function parsePlan(stack: string, text: string): TerraformPlan {
  try {
    const plan = planSchema.parse(JSON.parse(text));
    if (plan.format_version.split('.')[0] !== '1') throw new Error(`format_version is ${plan.format_version}`);
    return plan;
  } catch (cause) {
    throw new OperatorError({
      code: 'STACK_PLAN_UNREADABLE',
      seen: `What terraform show -json says of the plan of ${stack} cannot be read: ${(cause as Error).message}`,
      why: 'A plan that is misread could hide that the clone, or something of production, is replaced.',
      next: 'Use Terraform 1.10 to 1.x, or OpenTofu 1.10 or later, and look at the plan itself meanwhile.',
      cause,
    });
  }
}
