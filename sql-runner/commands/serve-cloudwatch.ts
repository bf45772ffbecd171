import type { Live } from '../actions/live';
import type { SourceContract } from '../../contract/contract';
import { metricPublisher } from '../aws/metric-data';
import { CloudWatchPush } from '../events/cloudwatch-push';
import { cloudwatchMetrics } from '../render/cloudwatch-metrics';

/** Alarms look at minutes; more often would cost more, and say nothing else. */
const EVERY_MS = 60_000;

/** To the account of the clone. While nothing can be seen nothing is sent, and the alarm on that is raised. */
export function cloudwatchPush(
  { environment, region, targetAccount }: SourceContract,
  live: Pick<Live, 'view'>,
  told: (line: string) => void,
): CloudWatchPush {
  const compose = () => {
    const metrics = cloudwatchMetrics(live.view(), Date.now());
    return metrics.length === 0 ? null : metrics;
  };
  const publish = metricPublisher(targetAccount, region, environment);
  return new CloudWatchPush(publish, compose, told, { every: EVERY_MS, firstWait: 1_000, longestWait: EVERY_MS });
}
