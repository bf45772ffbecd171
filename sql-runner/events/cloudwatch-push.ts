import { metricPublisher, type MetricPublisher } from '../aws/metric-data';
import { explain } from '../explain/explain';
import type { OwnMetric } from '../model/own-metric';
import { Push, type Pace } from './push';

/** Alarms look at minutes; more often would cost more, and say nothing else. */
const EVERY_MS = 60_000;

/** What tells where it goes, and of what it is. */
interface Watched {
  readonly environment: string;
  readonly region: string;
  readonly targetAccount: Parameters<typeof metricPublisher>[0];
}

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

  static of(
    { environment, region, targetAccount }: Watched,
    compose: () => readonly OwnMetric[] | null,
    told: (line: string) => void,
  ): CloudWatchPush {
    const publish = metricPublisher(targetAccount, region, environment);
    return new CloudWatchPush(publish, compose, told, { every: EVERY_MS, firstWait: 1_000, longestWait: EVERY_MS });
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
