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

const local = z
  .strictObject({ type: z.literal('local'), directory })
  .meta({ description: 'State in files beside the project. For trying out, and for one person.' });

const s3 = z
  .strictObject({
    type: z.literal('s3'),
    bucket: z.string().min(3).max(63).meta({ description: 'Bucket that holds the states of both stacks.' }),
    region: region('Region of the bucket. It may differ from that of the clusters.'),
    keyPrefix: z
      .string()
      .regex(/^[^/].*[^/]$/)
      .default('aurora-cross-account-sync')
      .meta({ description: 'Prefix of the state keys, without slashes at its ends: <keyPrefix>/<stack>.tfstate.' }),
    kmsKeyId: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'KMS key of the state objects. Without it: the default of the bucket.' }),
    sourceRoleArn: roleArn('Role to assume for the bucket when working on the source stack.').optional(),
    targetRoleArn: roleArn(
      'Role to assume for the bucket when working on the target stack. It also reads the state of the source stack.',
    ).optional(),
  })
  .meta({ description: 'State in S3, locked by a lock file in the bucket (Terraform 1.10 and later).' });

const remote = z
  .strictObject({
    type: z.literal('remote'),
    hostname: z
      .string()
      .min(1)
      .default('app.terraform.io')
      .meta({ description: 'Host of HCP Terraform or Terraform Enterprise.' }),
    organization: z.string().min(1).meta({ description: 'Organization that holds the workspaces.' }),
    workspacePrefix: z
      .string()
      .regex(/^[A-Za-z0-9_-]*$/)
      .default('')
      .meta({
        description: 'Put before the stack name to get the workspace name: <prefix><environment>-source and -target.',
      }),
  })
  .meta({
    description:
      'One HCP Terraform workspace for each stack. The source workspace must share its state with the target workspace.',
  });

export const backendSchema = z
  .discriminatedUnion('type', [local, s3, remote])
  .meta({ description: 'Where Terraform keeps the state of the two stacks.' });

export type Backend = z.infer<typeof backendSchema>;
