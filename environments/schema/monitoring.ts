import { z } from 'zod';
import { topicArn } from './aws';
import { sizeText } from './size';

const TOPIC =
  'Topic that alarms and events of this account go to; its policy must let cloudwatch.amazonaws.com and events.amazonaws.com publish. Without it: the stack makes one, which nobody subscribes to yet.';

export const monitoringSchema = z
  .strictObject({
    sourceTopicArn: topicArn(TOPIC).optional(),
    targetTopicArn: topicArn(TOPIC).optional(),
    keptWal: sizeText(
      'On the source: WAL, and disk of slots, above which for 5 minutes an alarm is raised. Default: 80 % of budget.bytes, so that it comes before the budget is used up, or 50GB without one.',
    ).optional(),
    transactionIds: z.int().min(200_000_000).max(2_000_000_000).default(1_000_000_000).meta({
      description:
        'Transaction ids in use, of 2 billion, above which an alarm is raised: a stream that stands still keeps old ones from being frozen.',
    }),
    cpuPercent: z
      .number()
      .positive()
      .max(99)
      .default(90)
      .meta({ description: 'CPU of the writer, on average over 15 minutes, above which an alarm is raised.' }),
    freeMemory: sizeText('Memory of the writer below which an alarm is raised.').default('1GB'),
    heartbeatSeconds: z.int().min(60).optional().meta({
      description:
        'Age of the newest beat that has arrived on the clone above which an alarm is raised in its account, also where nobody publishes it any more. Only with sql-runner serve <environment> --cloudwatch. Without it: no such alarm.',
    }),
  })
  .meta({
    description:
      'CloudWatch alarms for both clusters, one that sums them up, events of RDS, and a dashboard in each account. Without it: none.',
  });
