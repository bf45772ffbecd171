import type { Live } from '../actions/live';
import type { SourceContract } from '../../contract/contract';
import { CloudWatchPush } from '../events/cloudwatch-push';
import { cloudwatchMetrics } from '../render/cloudwatch-metrics';

/** While nothing can be seen nothing is sent, and the alarm on that is raised. */
export function cloudwatchPush(
  source: SourceContract,
  live: Pick<Live, 'view'>,
  told: (line: string) => void,
): CloudWatchPush {
  const compose = () => {
    const metrics = cloudwatchMetrics(live.view(), Date.now());
    return metrics.length === 0 ? null : metrics;
  };
  return CloudWatchPush.of(source, compose, told);
}
