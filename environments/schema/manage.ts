import { z } from 'zod';
import { MAKERS } from '../../contract/production';
import { textWith } from './refined';

const madeBy = (what: string) => z.enum(MAKERS).meta({ description: what });

/** Terraform sets the policy of a key as a whole, so a stack of ours would take it from everybody else who is in it. */
const keyPolicy = textWith(
  [
    {
      code: 'KEY_POLICY_OF_OWNER',
      accepts: (value) => value === 'owner',
      seen: (value) => `keyPolicy is "${value}".`,
      why: 'A key has one policy, and Terraform sets it as a whole: a stack that did would lock out whoever else is in it.',
      next: 'Write owner, or leave it out: the source stack puts out the statements to add.',
    },
  ],
  {
    description:
      'Statements in the policy of kms.sourceKeyArn. Always owner: a stack could only replace the whole policy.',
    pattern: '^owner$',
  },
).default('owner');

const STACK: z.infer<typeof shape> = {
  parameterGroup: 'stack',
  keyPolicy: 'owner',
};

const shape = z.strictObject({
  parameterGroup: madeBy(
    'The cluster parameter group. stack: the stack makes one, and sql-runner attaches it. owner: the owner’s group gets the settings, and sql-runner attaches nothing.',
  ).default('stack'),
  securityGroupRules: madeBy(
    'The rules that let the clone’s addresses in on the database port. Default: stack, and with network.mode existing owner.',
  ).optional(),
  routes: madeBy(
    'The routes to the clone’s VPC. Default: stack; with network.mode existing it can only be owner.',
  ).optional(),
  keyPolicy,
});

export const manageSchema = shape.default(STACK).meta({
  description:
    'Who makes what production needs around its cluster. stack: the source stack. owner: whoever has it in their own Terraform; the source stack only puts out what to add there, as owner_hcl and owner_json, and plan and doctor look whether it is there.',
});
