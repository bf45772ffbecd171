import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFolder } from './stack-folders';

/** Git ignores it, and no `.tf` file of a person is called so. */
const FILE = 'plan_override.tf.json';

/**
 * The role that the JSON names may change everything; a plan needs to read only. Terraform merges files that end with
 * `_override` over the others (developer.hashicorp.com/terraform/language/files/override), so that the reviewed JSON stays
 * as it is, and the plan is the one that its role would make.
 */
export async function asPlanRole<T>(stack: StackFolder, work: () => Promise<T>): Promise<T> {
  const side = stack.name.endsWith('-source') ? 'SOURCE' : 'TARGET';
  const roleArn = process.env[`PLAN_${side}_ROLE_ARN`];
  if (!roleArn) return work();
  const file = join(stack.folder, FILE);
  // Terraform replaces the whole block, so that the external id of the role that deploys is not sent.
  const externalId = process.env[`PLAN_${side}_EXTERNAL_ID`];
  const role = {
    role_arn: roleArn,
    session_name: 'aurora-sync-plan',
    ...(externalId ? { external_id: externalId } : {}),
  };
  writeFileSync(file, JSON.stringify({ provider: { aws: [{ assume_role: [role] }] } }));
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
