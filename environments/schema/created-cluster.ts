import { z } from 'zod';
import { kmsKeyArn, resourceId } from './aws';
import { identifier } from './identifier';
import { instanceClass } from './instance-class';
import { textWith, uniqueList } from './refined';
import { dailyWindow, weeklyWindow } from './windows';

/** RDS reserves these for itself (CreateDBCluster, MasterUsername; pg_ and rds are PostgreSQL's and its own). */
const RESERVED_USER = /^(rds|pg_|admin$|public$|none$)/;

const name = (what: string, description: string, reserved: RegExp) =>
  textWith(
    [
      {
        code: 'BAD_VALUE',
        accepts: (value) => /^[a-z][a-z0-9_]{0,62}$/.test(value) && !reserved.test(value),
        seen: (value) => `"${value}" is not a name for the ${what}.`,
        why: 'RDS takes letters, digits and underscores, a letter first, and keeps some names for itself.',
        next: 'Use at most 63 lower case letters, digits and underscores, another name than RDS’s own.',
      },
    ],
    { description, pattern: '^[a-z][a-z0-9_]{0,62}$' },
  );

const capacity = (minimum: number, description: string) =>
  z.number().min(minimum).max(256).multipleOf(0.5).meta({ description });

const zone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/)
  .meta({
    description: 'Availability Zone, one of the subnets’. Without it: as AWS chooses.',
    examples: ['eu-west-1b'],
  });
const failoverPriority = (description: string) => z.int().min(0).max(15).optional().meta({ description });

const writer = z
  .strictObject({
    failoverPriority: failoverPriority('Its place in a later failover, 0 first. Default: 0.'),
    availabilityZone: zone.optional(),
  })
  .optional()
  .meta({ description: 'The first instance.' });

const reader = z.strictObject({
  instanceClass: instanceClass('the cluster').optional(),
  failoverPriority: failoverPriority('Who becomes the writer when that fails: the lowest, of 0 to 15. Default: 1.'),
  availabilityZone: zone.optional(),
});

const network = z
  .strictObject({
    subnetIds: uniqueList(
      resourceId('subnet', 'subnet'),
      2,
      'Subnets in at least two Availability Zones; the stack makes a subnet group of them. This or subnetGroup.',
    ).optional(),
    subnetGroup: identifier(255, 'A subnet group that there is already, in place of subnetIds.').optional(),
    publicAccess: z.boolean().optional().meta({ description: 'The instances get public addresses. Default: false.' }),
  })
  .optional()
  .meta({ description: 'Where the instances are; VPC and security groups are those of source.network.' });

const backup = z
  .strictObject({
    retentionDays: z.int().min(1).max(35).optional().meta({ description: 'Days of backups.' }),
    window: dailyWindow('When backups begin, in UTC.').optional(),
    copyTags: z.boolean().optional().meta({ description: 'Snapshots get the tags of the cluster.' }),
    finalSnapshot: z
      .boolean()
      .optional()
      .meta({ description: 'A snapshot <identifier>-final is taken before the cluster is deleted.' }),
  })
  .optional()
  .meta({ description: 'Backups.' });

const insights = z
  .strictObject({
    mode: z.enum(['standard', 'advanced']).optional().meta({ description: 'Mode of Database Insights.' }),
    retentionDays: z
      .int()
      .min(7)
      .max(731)
      .optional()
      .meta({ description: 'Days of history: 7, 731 or a multiple of 31; 465 with advanced.' }),
  })
  .optional()
  .meta({ description: 'CloudWatch Database Insights.' });

const kerberos = z
  .strictObject({
    directoryId: z
      .string()
      .regex(/^d-[0-9a-f]{10}$/)
      .meta({ description: 'AWS Managed Microsoft AD.' }),
    roleName: z.string().min(1).meta({ description: 'IAM role with which RDS calls the directory.' }),
  })
  .optional()
  .meta({ description: 'Kerberos authentication. Without it: none.' });

const masterUser = z
  .strictObject({
    name: name('master user', 'Its name.', RESERVED_USER).optional(),
    secretKeyArn: kmsKeyArn('Key of the secret. Without it: the account’s aws/secretsmanager.').optional(),
    rotationDays: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'Days after which the password is changed.' }),
  })
  .optional()
  .meta({ description: 'RDS makes its password and keeps it in Secrets Manager.' });

const storage = z
  .strictObject({
    type: z.enum(['standard', 'io-optimized']).optional().meta({ description: 'Pays for I/O, or for more storage.' }),
    encrypted: z.boolean().optional().meta({
      description: 'With kms.sourceKeyArn; the default key of RDS cannot be shared with the clone’s account.',
    }),
  })
  .optional()
  .meta({ description: 'Storage.' });

const MONITORING = [0, 1, 5, 10, 15, 30, 60] as const;
const CERTIFICATES = ['rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', 'rds-ca-ecc384-g1'] as const;

/** Every choice that the creation of a cluster is, but for what the rest of the file says. */
export const createdClusterSchema = z
  .strictObject({
    preset: z.enum(['production', 'development']).default('production').meta({
      description: 'What is not said below is as the preset has it (docs/created-cluster.md).',
    }),
    minorVersion: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Minor version, as 5 of 17.5. Without it: the one that RDS makes new clusters with.' }),
    masterUser,
    storage,
    instanceClass: instanceClass('the cluster').optional(),
    serverlessV2: z
      .strictObject({
        minCapacity: capacity(0.5, 'Lowest capacity in ACUs. Not 0: a paused cluster sends no changes.'),
        maxCapacity: capacity(1, 'Highest capacity in ACUs.'),
      })
      .optional()
      .meta({ description: 'Serverless v2 capacity; the class is db.serverless then.' }),
    writer,
    readers: z.array(reader).max(15).optional().meta({ description: 'Instances beside the writer.' }),
    network,
    proxy: z.boolean().optional().meta({ description: 'An RDS Proxy for applications. The clone does not use it.' }),
    dataApi: z.boolean().optional().meta({ description: 'The RDS Data API, SQL by HTTPS.' }),
    port: z.int().min(1150).max(65535).optional().meta({ description: 'Port of the database.' }),
    iamAuthentication: z.boolean().optional().meta({ description: 'Login with IAM tokens.' }),
    kerberos,
    insights,
    monitoringSeconds: z.literal(MONITORING).optional().meta({ description: 'Enhanced Monitoring; 0: none.' }),
    database: name(
      'first database',
      'Made with the cluster. Default: the first one of databases.',
      /^(rdsadmin|template[01])$/,
    ).optional(),
    instanceParameters: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .meta({ description: 'Parameters of the instances’ group. Those of the cluster’s are extraParameters.' }),
    backup,
    logExports: uniqueList(
      z.enum(['postgresql', 'instance', 'iam-db-auth-error']),
      0,
      'Logs that go to CloudWatch Logs.',
    ).optional(),
    autoMinorVersionUpgrade: z
      .boolean()
      .optional()
      .meta({ description: 'New minor versions in the maintenance window. Default: true, false with minorVersion.' }),
    maintenanceWindow: weeklyWindow('When RDS maintains the cluster, in UTC.').optional(),
    caCertificate: z.enum(CERTIFICATES).optional().meta({ description: 'Authority of the server’s certificate.' }),
    deletionProtection: z
      .boolean()
      .optional()
      .meta({ description: 'Neither RDS nor Terraform deletes the cluster until this is false and deployed.' }),
  })
  .meta({ description: 'Only with mode create: the new cluster.' });

export type CreateSettings = z.infer<typeof createdClusterSchema>;
export type Preset = CreateSettings['preset'];
