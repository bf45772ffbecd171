import { z } from 'zod';
import { accountId, cidr, clientCidr, kmsKeyArn, resourceId, sourceKeyArn } from './aws';
import { identifier } from './identifier';
import { instanceClass } from './instance-class';
import { manageSchema } from './manage';
import { uniqueList } from './refined';
import { roleSettings } from './role';
import { runnerSchema } from './runner';
import { extraParameters, sourceCluster } from './source-cluster';

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

/** As a VPC has them: one block that it was made with, and more that were added to it. */
function secondaryCidrs(other: string) {
  return uniqueList(
    cidr('CIDR block of the VPC.'),
    0,
    `More CIDR blocks of the VPC, where it has more than one that the clusters are in or that a peering brings along; none may overlap with those of the ${other} VPC.`,
  ).default([]);
}

const vpcOwner = () =>
  accountId(
    'Account that the VPC belongs to, where it shares its subnets with this one; needs network.mode existing. Default: this account.',
  ).optional();

export const sourceSchema = z
  .strictObject({
    accountId: accountId('Account of the production cluster.'),
    ...roleSettings,
    tags: tags('source'),
    cluster: sourceCluster,
    network: z
      .strictObject({
        vpcId: resourceId('vpc', 'VPC'),
        vpcCidr: cidr('CIDR block of the VPC.'),
        secondaryCidrs: secondaryCidrs('target'),
        vpcOwnerId: vpcOwner(),
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
    manage: manageSchema,
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

const clone = z
  .strictObject({
    // Instances are called <identifier>-<number>, and they have 63 characters as well.
    identifier: identifier(60, 'Identifier of the clone that the target stack makes.'),
    instanceClass: instanceClass('the clone'),
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
    port: z
      .int()
      .min(1150)
      .max(65535)
      .optional()
      .meta({ description: 'Port of the clone. Without it: that of the engine, 5432, whichever production has.' }),
    extraParameters: extraParameters(
      'Parameters of the clone’s group, beside those that it takes over from source.cluster.extraParameters and in their place. What replication needs stays at least as large as it needs it.',
    ),
    readOnly: z.boolean().default(false).meta({
      description:
        'Makes new sessions of the replicated databases on the clone read-only by default; replication goes on. Against mistakes: a session can lift it with SET.',
    }),
  })
  .meta({ description: 'The clone.' });

export const targetSchema = z
  .strictObject({
    accountId: accountId('Account that gets the clone.'),
    ...roleSettings,
    tags: tags('target'),
    clone,
    network: z
      .strictObject({
        vpcId: resourceId('vpc', 'VPC'),
        vpcCidr: cidr('CIDR block of the VPC; it must not overlap with that of the source.'),
        secondaryCidrs: secondaryCidrs('source'),
        vpcOwnerId: vpcOwner(),
        subnetIds: uniqueList(
          resourceId('subnet', 'subnet'),
          2,
          'Subnets of the clone, in at least two Availability Zones and the same ones that the source uses.',
        ),
        subnetCidrs: uniqueList(
          cidr('CIDR block of a subnet.'),
          2,
          'CIDR block of each of these subnets: production then lets in these addresses alone, and not the whole VPC. The plan of the target stack compares them with the subnets.',
        ).optional(),
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
    runner: runnerSchema.optional(),
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
