import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { OWNER_HCL_OUTPUT, OWNER_JSON_OUTPUT } from '../../../contract/production';
import { asHcl, asJson } from './addition';
import { additionsOf, type OwnerFacts } from './additions';

/** What the owner of production adds to their own Terraform; nothing is put out where nothing is the owner's. */
export function ownerOutputs(scope: Construct, facts: OwnerFacts): void {
  const additions = additionsOf(facts);
  if (additions.length === 0) return;
  const described = 'What the owner of production adds to their own Terraform, as a file';
  new TerraformOutput(scope, OWNER_HCL_OUTPUT, { description: `${described} owner.tf.`, value: asHcl(additions) });
  new TerraformOutput(scope, OWNER_JSON_OUTPUT, {
    description: `${described} owner.tf.json.`,
    value: asJson(additions),
  });
}
