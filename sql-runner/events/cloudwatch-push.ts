import type { MetricPublisher, OwnMetric } from '../aws/metric-data';
import { explain } from '../explain/explain';
import { Push, type Pace } from './push';

/** To CloudWatch in the account of the clone, where an alarm of the target stack watches it. */
export class CloudWatchPush extends Push<readonly OwnMetric[]> {
  constructor(
    private readonly publish: MetricPublisher,
    compose: () => readonly OwnMetric[] | null,
    told: (line: string) => void,
    pace: Pace,
  ) {
    super('CloudWatch', compose, told, pace);
  }

  protected async send(now: readonly OwnMetric[]): Promise<string | null> {
    try {
      await this.publish(now);
      return null;
    } catch (cause) {
      return explain(cause).seen;
    }
  }
}
