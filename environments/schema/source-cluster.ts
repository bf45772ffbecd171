import { z } from 'zod';
import { secretArn } from './aws';
import { createdClusterSchema } from './created-cluster';
import { identifier, IDENTIFIERS } from './identifier';
import { textWith } from './refined';

const parameterGroupName = textWith(
  [
    {
      code: 'BAD_IDENTIFIER',
      why: IDENTIFIERS,
      accepts: (value) => /^[a-z][a-z0-9.-]{0,254}$/.test(value),
      seen: (value) => `"${value}" is not the name of a parameter group.`,
      next: 'Give the name as `aws rds describe-db-clusters` shows it in DBClusterParameterGroup.',
    },
  ],
  {
    description: 'Cluster parameter group in use today; teardown puts it back. Required but for mode create.',
    examples: ['default.aurora-postgresql17'],
  },
);

const parameterValue = z.union([z.string(), z.number()]);

/** For what RDS knows and the table does not. */
const vouchedParameter = z.strictObject({
  value: parameterValue.meta({ description: 'Value as RDS takes it.' }),
  applyMethod: z
    .enum(['immediate', 'pending-reboot'])
    .meta({ description: 'immediate: at once, for dynamic ones only. pending-reboot: with the next restart.' }),
});

export const extraParameters = (description: string) =>
  z
    .record(z.string(), z.union([z.string(), z.number(), vouchedParameter]))
    .default({})
    .meta({ description });

export const sourceCluster = z
  .strictObject({
    mode: z.enum(['existing', 'adopt', 'create']).default('existing').meta({
      description:
        'Whose the cluster is. existing: somebody else’s, Terraform only reads it. adopt: the source stack takes it into its state as it is, and changes only its parameter group. create: the stack makes it, as `create` says (docs/source-modes.md).',
    }),
    identifier: identifier(63, 'Identifier of the production cluster.'),
    majorVersion: z.int().min(13).max(18).meta({ description: 'Major version of PostgreSQL that the cluster runs.' }),
    parameterGroup: parameterGroupName.optional(),
    extraParameters: extraParameters(
      'Parameters that today’s group sets to other than default values; they are carried over into the new group. Names and values are checked against a table (docs/parameters.md), which also tells which of them apply at once and which wait for a restart; one that is written as `{ value, applyMethod }` is taken as it stands. The clone’s group takes them over, but for what cannot work there: cron.*, pg_cron among the libraries, shared_buffers and aurora.enhanced_logical_replication.',
    ),
    adminSecretArn: secretArn(
      'Secret with the `username` and `password` of the master user. Without it: the secret that RDS manages.',
    ).optional(),
    create: createdClusterSchema.optional(),
  })
  .meta({ description: 'The production cluster.' });
