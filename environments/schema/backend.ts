import { z } from 'zod';
import { region, roleArn } from './aws';
import { textWith } from './refined';

const RELATIVE = '^(?![/~\\\\]|[A-Za-z]:|(.*/)?\\.\\.(/|$))[^\\\\]+$';

const directory = textWith(
  [
    {
      code: 'BACKEND_PATH_NOT_RELATIVE',
      accepts: (value) => new RegExp(RELATIVE).test(value),
      seen: (value) => `The state directory "${value}" is not a path below the project.`,
      why: 'The path becomes part of the committed Terraform JSON, which must be the same on every machine.',
      next: 'Give a path relative to the project without "..", as in terraform-state.',
    },
  ],
  {
    description: 'Directory of the state files, relative to the project.',
    pattern: RELATIVE,
    examples: ['terraform-state'],
  },
);

/** A setting with one pattern, and the sentences for what does not match it. */
function matching(pattern: string, description: string, seen: (value: string) => string, why: string, next: string) {
  const accepts = (value: string) => new RegExp(pattern).test(value);
  return textWith([{ code: 'BAD_VALUE', accepts, seen, why, next }], { description, pattern });
}

const notEmpty = (description: string) =>
  matching('.', description, () => 'The text is empty.', 'Terraform would be refused.', 'Give it, or remove the line.');

const bucket = matching(
  '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
  'Bucket that holds the states of both stacks.',
  (value) => `"${value}" is not the name of a bucket.`,
  'S3 takes 3 to 63 lower case letters, digits, dots and hyphens, with a letter or digit at both ends.',
  'Give the name alone, without s3:// and without an ARN.',
);

const keyPrefix = matching(
  '^(?!(.*/)?\\.{1,2}(/|$))[^/](.*[^/])?$',
  'Prefix of the state keys, without slashes at its ends: <keyPrefix>/<stack>.tfstate.',
  (value) => `keyPrefix is "${value}", which ${wrongPrefix(value)}.`,
  'The keys of the states are <keyPrefix>/<stack>.tfstate: with a slash more it is another state, and no key has folders to leave.',
  'Write it as in platform/aurora-sync.',
);

function wrongPrefix(value: string): string {
  if (value === '') return 'is empty';
  return /^\/|\/$/.test(value) ? 'begins or ends with a slash' : 'has "." or ".." between its slashes';
}

const hostname = matching(
  '^[A-Za-z0-9.-]+(:[0-9]+)?$',
  'Host of HCP Terraform or Terraform Enterprise.',
  (value) => `"${value}" is not the name of a host.`,
  'Terraform asks this host for the workspaces.',
  'Give the name alone, without https:// and without a path.',
);

const workspacePrefix = matching(
  '^[A-Za-z0-9_-]*$',
  'Put before the stack name to get the workspace name: <prefix><environment>-source and -target.',
  (value) => `workspacePrefix is "${value}".`,
  'HCP Terraform takes letters, digits, hyphens and underscores in the names of workspaces.',
  'Leave everything else out.',
);

const local = z
  .strictObject({ type: z.literal('local'), directory })
  .meta({ description: 'State in files beside the project. For trying out, and for one person.' });

const s3 = z
  .strictObject({
    type: z.literal('s3'),
    bucket,
    region: region('Region of the bucket. It may differ from that of the clusters.'),
    keyPrefix: keyPrefix.default('aurora-cross-account-sync'),
    kmsKeyId: notEmpty('KMS key of the state objects. Without it: the default of the bucket.').optional(),
    sourceRoleArn: roleArn('Role to assume for the bucket when working on the source stack.').optional(),
    targetRoleArn: roleArn(
      'Role to assume for the bucket when working on the target stack. It also reads the state of the source stack.',
    ).optional(),
  })
  .meta({ description: 'State in S3, locked by a lock file in the bucket (Terraform 1.10 and later).' });

const remote = z
  .strictObject({
    type: z.literal('remote'),
    hostname: hostname.default('app.terraform.io'),
    organization: notEmpty('Organization that holds the workspaces.'),
    workspacePrefix: workspacePrefix.default(''),
  })
  .meta({
    description:
      'One HCP Terraform workspace for each stack. The source workspace must share its state with the target workspace.',
  });

export const backendSchema = z
  .discriminatedUnion('type', [local, s3, remote])
  .meta({ description: 'Where Terraform keeps the state of the two stacks.' });

export type Backend = z.infer<typeof backendSchema>;
