import { z } from 'zod';
import { accountId, cidr, clientCidr, kmsKeyArn, resourceId, roleArn, secretArn, sourceKeyArn } from './aws';
import { type RuleText, textWith, uniqueList } from './refined';

const identifierText: Pick<RuleText, 'code' | 'why'> = {
  code: 'BAD_IDENTIFIER',
  why: 'RDS takes 1 to 63 lower case letters, digits and single hyphens, starting with a letter and not ending with a hyphen.',
};

function identifier(maximum: number, description: string) {
  const pattern = `^(?=.{1,${maximum}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$`;
  const accepts = (value: string) => new RegExp(pattern).test(value);
  const seen = (value: string) => `"${value}" is not an identifier that RDS accepts here.`;
  const next = `Use such a name of at most ${maximum} characters, as in shop-production.`;
  return textWith([{ ...identifierText, accepts, seen, next }], { description, pattern });
}

const parameterGroupName = textWith(
  [
    {
      ...identifierText,
      accepts: (value) => /^[a-z][a-z0-9.-]{0,254}$/.test(value),
      seen: (value) => `"${value}" is not the name of a parameter group.`,
      next: 'Give the name as `aws rds describe-db-clusters` shows it in DBClusterParameterGroup.',
    },
  ],
  {
    description: 'Cluster parameter group in use today; teardown puts it back.',
    examples: ['default.aurora-postgresql17'],
  },
);

/** Checked by rules/tags.ts, which can point at a key. */
function tags(account: string) {
  return z
    .record(z.string(), z.string())
    .default({})
    .meta({
      description: `Tags of everything that Terraform makes in the ${account} account, beside Project and Environment, which it sets itself.`,
      examples: [{ Team: 'data', CostCenter: '4711' }],
    });
}

const parameterValue = z.union([z.string(), z.number()]);

/** For what RDS knows and the table does not. */
const vouchedParameter = z.strictObject({
  value: parameterValue.meta({ description: 'Value as RDS takes it.' }),
  applyMethod: z
    .enum(['immediate', 'pending-reboot'])
    .meta({ description: 'immediate: at once, for dynamic ones only. pending-reboot: with the next restart.' }),
});

const sourceCluster = z
  .strictObject({
    identifier: identifier(63, 'Identifier of the existing production cluster.'),
    majorVersion: z.int().min(13).max(18).meta({ description: 'Major version of PostgreSQL that the cluster runs.' }),
    parameterGroup: parameterGroupName,
    extraParameters: z
      .record(z.string(), z.union([z.string(), z.number(), vouchedParameter]))
      .default({})
      .meta({
        description:
          'Parameters that today’s group sets to other than default values; they are carried over into the new group. Names and values are checked against a table (docs/parameters.md), which also tells which of them apply at once and which wait for a restart; one that is written as `{ value, applyMethod }` is taken as it stands. What a copy of the server needs to start goes into the clone’s group too: max_prepared_transactions, max_replication_slots and max_active_replication_origins.',
      }),
    adminSecretArn: secretArn(
      'Secret with the `username` and `password` of the master user. Without it: the secret that RDS manages.',
    ).optional(),
  })
  .meta({ description: 'The production cluster. Terraform only reads it.' });

export const sourceSchema = z
  .strictObject({
    accountId: accountId('Account of the production cluster.'),
    roleArn: roleArn('Role to assume in this account. Without it: the credentials of the environment.').optional(),
    tags: tags('source'),
    cluster: sourceCluster,
    network: z
      .strictObject({
        vpcId: resourceId('vpc', 'VPC'),
        vpcCidr: cidr('CIDR block of the VPC.'),
        routeTableIds: uniqueList(
          resourceId('rtb', 'route table'),
          1,
          'Route tables of the cluster’s subnets; each gets a route to the other VPC.',
        ),
        securityGroupIds: uniqueList(
          resourceId('sg', 'security group'),
          1,
          'Security groups of the cluster; each lets the target VPC in on the database port.',
        ),
      })
      .meta({ description: 'Where the cluster is.' }),
  })
  .meta({ description: 'The account with the production cluster.' });

const scaling = z
  .strictObject({
    minCapacity: z
      .number()
      .min(0)
      .max(256)
      .multipleOf(0.5)
      .meta({ description: 'Lowest capacity in ACUs. Not 0: a paused clone falls behind.' }),
    maxCapacity: z.number().min(1).max(256).multipleOf(0.5).meta({ description: 'Highest capacity in ACUs.' }),
  })
  .meta({ description: 'Serverless v2 capacity; needs instanceClass db.serverless.' });

const INSTANCE_CLASS = '^db\\.[a-z0-9-]+(\\.[a-z0-9-]+)?$';

/**
 * Classes of RDS that Aurora PostgreSQL does not have (Aurora user guide, "Supported DB engines for DB instance
 * classes"): general purpose and compute, burstable ones of before and smaller than medium, and memory-optimised ones that
 * only other engines have. Families that are not named here are taken, as new ones come.
 */
const NOT_OF_AURORA = /^db\.([cm]\d\w*|t[12]|t3a|r3|x1e?|x2i\w*|z1d)\.|^db\.t(3|4g)\.(nano|micro|small|2?xlarge)$/;

const instanceClass = textWith(
  [
    {
      code: 'BAD_INSTANCE_CLASS',
      accepts: (value) => !NOT_OF_AURORA.test(value),
      seen: (value) => `Aurora PostgreSQL has no instances of class ${value}.`,
      why: 'RDS would refuse it after the clone itself has been made.',
      next: 'Choose a memory-optimised class, as in db.r6g.large, db.t4g.medium for trying out, or db.serverless.',
    },
    {
      code: 'BAD_INSTANCE_CLASS',
      accepts: (value) => new RegExp(INSTANCE_CLASS).test(value),
      seen: (value) => `"${value}" is not an instance class.`,
      why: 'RDS would refuse it after the clone itself has been made.',
      next: 'Write it as in db.r6g.large, or db.serverless.',
    },
  ],
  { description: 'Instance class of the clone.', pattern: INSTANCE_CLASS, examples: ['db.r6g.large', 'db.serverless'] },
);

const clone = z
  .strictObject({
    // Instances are called <identifier>-<number>, and they have 63 characters as well.
    identifier: identifier(60, 'Identifier of the clone that the target stack makes.'),
    instanceClass,
    instanceCount: z
      .int()
      .min(1)
      .max(15)
      .default(1)
      .meta({ description: 'Number of instances; the first becomes the writer.' }),
    serverlessV2: scaling.optional(),
    storageType: z
      .enum(['standard', 'io-optimized'])
      .default('standard')
      .meta({ description: 'Storage of the clone. Production’s is not taken over: a restore makes Standard storage.' }),
    backupRetentionDays: z
      .int()
      .min(1)
      .max(35)
      .default(1)
      .meta({ description: 'Days of backups; a restore would take over those of production, and their cost.' }),
    iamAuthentication: z
      .boolean()
      .optional()
      .meta({ description: 'Login with IAM tokens. Without it: as production has it.' }),
    logExports: uniqueList(
      z.enum(['postgresql', 'instance', 'iam-db-auth-error']),
      1,
      'Logs that go to CloudWatch Logs. Without it: as production has it.',
    ).optional(),
    autoMinorVersionUpgrade: z
      .boolean()
      .default(true)
      .meta({ description: 'New minor versions in the maintenance window, with a restart of the clone.' }),
    deletionProtection: z
      .boolean()
      .default(false)
      .meta({ description: 'RDS refuses to delete the clone; a new clone, which replaces it, is refused as well.' }),
    readOnly: z.boolean().default(false).meta({
      description:
        'Makes new sessions of the replicated databases on the clone read-only by default; replication goes on. Against mistakes: a session can lift it with SET.',
    }),
  })
  .meta({ description: 'The clone.' });

export const targetSchema = z
  .strictObject({
    accountId: accountId('Account that gets the clone.'),
    roleArn: roleArn('Role to assume in this account. Without it: the credentials of the environment.').optional(),
    tags: tags('target'),
    clone,
    network: z
      .strictObject({
        vpcId: resourceId('vpc', 'VPC'),
        vpcCidr: cidr('CIDR block of the VPC; it must not overlap with that of the source.'),
        subnetIds: uniqueList(
          resourceId('subnet', 'subnet'),
          2,
          'Subnets of the clone, in at least two Availability Zones and the same ones that the source uses.',
        ),
        routeTableIds: uniqueList(
          resourceId('rtb', 'route table'),
          1,
          'Route tables of these subnets; each gets a route to the other VPC.',
        ),
        securityGroupIds: uniqueList(
          resourceId('sg', 'security group'),
          0,
          'More security groups for the clone, for example those that let its users in.',
        ).default([]),
        clientCidrs: uniqueList(
          clientCidr('Addresses that may connect.'),
          0,
          'Addresses from which users and sql-runner reach the clone on its database port: a rule for each in the group that the stack makes. This or securityGroupIds must have an entry, or nobody would reach the clone.',
        ).default([]),
      })
      .meta({ description: 'Where the cluster is.' }),
  })
  .meta({ description: 'The account that gets the clone.' });

export const kmsSchema = z
  .strictObject({
    sourceKeyArn: sourceKeyArn(
      'Customer managed key that the production cluster is encrypted with. Leave it out when the cluster is not encrypted.',
    ).optional(),
    targetKeyArn: kmsKeyArn('Key for the clone, in either account. Without it: the key of the source.').optional(),
  })
  .default({})
  .meta({ description: 'Encryption keys.' });
