import { z } from 'zod';
import { resourceId, roleArn } from './aws';
import { textWith, uniqueList } from './refined';

/** What CloudWatch Logs keeps events for (PutRetentionPolicy, retentionInDays), up to three years. */
const RETENTION = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096] as const;

/** Repository, and a tag or a digest: a name of an image as registries take it (Distribution, "reference"). */
const IMAGE =
  /^[a-z0-9]+([.-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;
const VERSION = /(:\w[\w.-]*|@sha256:[0-9a-f]{64})$/;

const image = textWith(
  [
    {
      code: 'BAD_VALUE',
      accepts: (value) => IMAGE.test(value),
      seen: (value) => `"${value}" is not the name of an image.`,
      why: 'Fargate pulls it before every run, and nothing would start.',
      next: 'Write it as in 222222222222.dkr.ecr.eu-west-1.amazonaws.com/sql-runner@sha256: and the digest.',
    },
    {
      code: 'BAD_VALUE',
      accepts: (value) => VERSION.test(value) && !value.endsWith(':latest'),
      seen: (value) => `"${value}" does not say which version of the image.`,
      why: 'Whoever pushes to the repository would change what runs with the rights of the task, without a plan.',
      next: 'Add the digest, as docker push prints it: @sha256: and 64 hexadecimal digits; or a tag of its own.',
    },
  ],
  {
    description: 'Image made of the Dockerfile, in a registry that the target account reads: with digest, or with tag.',
    pattern: IMAGE.source,
    examples: ['222222222222.dkr.ecr.eu-west-1.amazonaws.com/sql-runner:1.0.0'],
  },
);

const RATE = /^rate\([1-9]\d* (minutes?|hours?|days?)\)$/;

/** Six fields, one of the two days a question mark (EventBridge Scheduler user guide, "Schedule types"). */
function isCron(value: string): boolean {
  const [, fields] = /^cron\(([\w*?,/#-]+(?: [\w*?,/#-]+){5})\)$/.exec(value) ?? [];
  const [, , dayOfMonth, , dayOfWeek] = fields?.split(' ') ?? [];
  return fields !== undefined && (dayOfMonth === '?') !== (dayOfWeek === '?');
}

const schedule = (description: string) =>
  textWith(
    [
      {
        code: 'BAD_VALUE',
        accepts: (value) => RATE.test(value) || isCron(value),
        seen: (value) => `"${value}" is not a schedule.`,
        why: 'EventBridge Scheduler takes rate(…) or cron(…) with six fields, one of the two days a question mark.',
        next: 'Write it as in rate(1 hour), or cron(0 3 * * ? *) for every day at three in UTC.',
      },
    ],
    { description, pattern: '^(rate|cron)\\(.+\\)$', examples: ['rate(1 hour)', 'cron(0 3 * * ? *)'] },
  );

/** Where sql-runner runs by itself. */
export const runnerSchema = z
  .strictObject({
    image,
    sourceRoleArn: roleArn(
      'Role that sql-runner assumes in the source account; it must trust the task role, and only needs to read. Default: source.roleArn.',
    ).optional(),
    subnetIds: uniqueList(
      resourceId('subnet', 'subnet'),
      1,
      'Subnets of the tasks, of the same VPC, with a way to the source and to the APIs of AWS. Default: those of the clone.',
    ).optional(),
    cpu: z
      .literal([256, 512, 1024, 2048, 4096])
      .default(256)
      .meta({ description: 'CPU units of each task; 1024 are one vCPU.' }),
    memoryMb: z.int().min(512).max(30_720).default(1024).meta({
      description: 'Memory of each task in MiB: what Fargate has for that CPU.',
    }),
    architecture: z
      .enum(['x86_64', 'arm64'])
      .default('x86_64')
      .meta({ description: 'Processor that the image is made for.' }),
    serve: z.boolean().default(true).meta({
      description:
        'Whether sql-runner serve runs all the time, as a service; with monitoring.heartbeatSeconds it publishes the age of the heartbeat.',
    }),
    statusSchedule: schedule('When sql-runner status runs, in UTC. Without it: never.').optional(),
    verifySchedule: schedule('When sql-runner verify runs, in UTC. Without it: never.').optional(),
    logRetentionDays: z
      .literal([...RETENTION])
      .default(30)
      .meta({ description: 'Days that CloudWatch keeps what the tasks print.' }),
  })
  .meta({
    description:
      'ECS Fargate tasks in the VPC of the clone that run sql-runner (docs/run-in-vpc.md). Without it: none.',
  });

export type RunnerSettings = z.infer<typeof runnerSchema>;
