import { TerraformElement, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';
import type { Environment } from '../environments/schema';
import type { Side } from '../contract/contract';
import { useBackend } from './backend';
import { useAws } from './providers';

/** Terraform features in use: locking in S3 without DynamoDB (1.10) and nonsensitive() on anything. */
const TERRAFORM_VERSION = '>= 1.10.0';

/** What both stacks have in common: one side's provider, its backend, and readable resource names. */
export abstract class AccountStack extends TerraformStack {
  constructor(scope: Construct, id: string, environment: Environment, side: Side) {
    super(scope, id);
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    useBackend(this, environment.backend, id, side);
    useAws(this, environment, environment[side]);
  }

  /**
   * The path within the stack as the resource's name: `share/resource` becomes
   * `share_resource`. cdktf would add a hash against collisions; ids here hold
   * no underscores, so there are none, and plans stay readable.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const below = node.scopes.slice(node.scopes.indexOf(this) + 1);
    return below.map((construct) => construct.node.id.replaceAll('-', '_')).join('_');
  }
}
