import { roleArn } from './aws';
import { textWith } from './refined';

/** As STS takes it (STS API reference, AssumeRole, ExternalId); its shortest has two characters. */
const EXTERNAL_ID = '^[\\w+=,.@:/-]{2,1224}$';

function externalId(description: string) {
  return textWith(
    [
      {
        code: 'BAD_EXTERNAL_ID',
        accepts: (value) => new RegExp(EXTERNAL_ID).test(value),
        seen: (value) => `"${value}" is not an external id.`,
        why: 'STS takes 2 to 1,224 letters, digits and characters of _+=,.@:/- without spaces, and refuses anything else.',
        next: 'Give the value of sts:ExternalId in the trust policy of the role, in quotes if it is a number.',
      },
    ],
    { description, pattern: EXTERNAL_ID, examples: ['acas-7f3e'] },
  );
}

/** As whom Terraform and sql-runner work in an account. Which go together, rules/roles.ts says. */
export const roleSettings = {
  roleArn: roleArn('Role to assume in this account. Without it: the credentials of the environment.').optional(),
  runnerRoleArn: roleArn(
    'Role that sql-runner assumes in this account, where it is not to work as Terraform does. Default: roleArn.',
  ).optional(),
  externalId: externalId(
    'External id that the trust policies of these roles ask for; no secret. Terraform and sql-runner send it.',
  ).optional(),
};
