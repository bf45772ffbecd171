import { z } from 'zod';
import { ACCEPTABLE_CODES } from '../contract/acceptable-codes';
import { ENVIRONMENT_NAME, isEnvironmentName } from '../contract/naming';
import { isRoleName } from '../contract/postgres-names';
import { region } from './schema/aws';
import { backendSchema } from './schema/backend';
import { databasesSchema } from './schema/databases';
import { ddlMode } from './schema/ddl';
import { textWith } from './schema/refined';
import { monitoringSchema } from './schema/monitoring';
import { networkSchema } from './schema/network';
import { ownRolesSchema, rolesMode } from './schema/followed-roles';
import { sizeText } from './schema/size';
import { kmsSchema, sourceSchema, targetSchema } from './schema/sides';

const environmentName = textWith(
  [
    {
      code: 'BAD_NAME',
      accepts: isEnvironmentName,
      seen: (value) => `"${value}" is not a name for an environment.`,
      why: 'The name becomes part of the names of stacks, AWS objects, publications and slots.',
      next: 'Use at most 30 lower case letters, digits and single hyphens, starting with a letter.',
    },
  ],
  { description: 'Name of the environment, the same as that of this file without .yaml.', pattern: ENVIRONMENT_NAME },
);

const role = textWith(
  [
    {
      code: 'BAD_ROLE_NAME',
      accepts: isRoleName,
      seen: (value) => `"${value}" is not a name for the replication role.`,
      why: 'PostgreSQL reserves public, none and names that start with pg_, RDS those that start with rds.',
      next: 'Use at most 63 lower case letters, digits and underscores, or leave the setting out.',
    },
  ],
  {
    description: 'Role on the source that the clone connects as; sql-runner makes it. Default: acas_<environment>.',
    pattern: '^[a-z_][a-z0-9_]{0,62}$',
  },
);

const sharing = z
  .strictObject({
    mode: z.enum(['invitation', 'organization']).meta({
      description:
        'organization: both accounts are in one AWS Organization with RAM sharing enabled, and there is nothing to accept. invitation: the target account accepts the share. Once deployed it stays: the plans of both stacks refuse another one, and say what leads to it.',
    }),
  })
  .meta({ description: 'How the cluster is shared through AWS RAM.' });

const replication = z
  .strictObject({
    role: role.optional(),
    sslRootCert: z.string().min(1).default('/rdsdbdata/rds-metadata/ca-cert.pem').meta({
      description:
        'CA file, as the server of the clone sees it, that the certificate of the source is checked against.',
    }),
    secretRecoveryDays: z
      .number()
      .int()
      .min(0)
      .max(30)
      .optional()
      .meta({
        description:
          'Days, 7 to 30, in which the secret of the role can be restored once it is deleted; 0: none. With any, its name gets a suffix of its own, so that a deleted one never keeps the name of the next. Default: 30 where source.cluster.create has preset production, else 0.',
        examples: [30],
      }),
  })
  .default({ sslRootCert: '/rdsdbdata/rds-metadata/ca-cert.pem' })
  .meta({ description: 'The connection from the clone to the source.' });

const budget = z
  .strictObject({
    bytes: sizeText('WAL that the clone may not have confirmed of a stream, as in 50GB or 64GiB.').optional(),
    hours: z.number().positive().optional().meta({
      description: 'How long a stream may be behind, or its slot without a reader.',
    }),
  })
  .meta({ description: 'What a clone that does not follow may cost production. Default: nothing is said of it.' });

const onBudget = z.enum(['alarm', 'release']).default('alarm').meta({
  description:
    'What sql-runner serve does once the budget is used up. alarm: it says so. release: production comes first, it drops the slot of the stream, after which only a new clone helps.',
});

const acknowledge = z
  .array(z.enum(ACCEPTABLE_CODES))
  .default([])
  .meta({
    description:
      'Codes of findings that are known and accepted: about room and speed, partitions that are to be made, and what others replicate. sql-runner then shows them as notes. Findings about correctness cannot be accepted.',
    examples: ['SLOT_WAL_LIMITED'],
  });

/** The truth about environment files. The editors' JSON Schema and the reference are generated from it. */
export const environmentSchema = z
  .strictObject({
    name: environmentName,
    region: region('Region of both clusters.'),
    backend: backendSchema,
    source: sourceSchema,
    target: targetSchema,
    network: networkSchema,
    kms: kmsSchema,
    sharing,
    replication,
    databases: databasesSchema,
    ddl: ddlMode('of the source. Default: off.'),
    roles: rolesMode,
    ownRoles: ownRolesSchema,
    budget: budget.optional(),
    onBudget,
    monitoring: monitoringSchema.optional(),
    acknowledge,
  })
  .meta({ title: 'Environment', description: 'One production cluster and its synchronised clone in another account.' });

export type Environment = z.infer<typeof environmentSchema>;
export type DatabaseConfig = Environment['databases'][number];
