import { CloudWatchClient, PutMetricDataCommand, type StandardUnit } from '@aws-sdk/client-cloudwatch';
import { METRIC_NAMESPACE } from '../../contract/naming';
import { callAws } from './aws-errors';
import { ownCredentials } from './clients';
import { withoutVersionNotice } from './sdk-notice';
import type { AccountContract } from '../../contract/contract';

interface Datum {
  readonly name: string;
  readonly value: number;
  readonly unit: StandardUnit;
}

export type MetricPublisher = (metrics: readonly Datum[]) => Promise<void>;

/** With a single dimension, the environment: an alarm names all of a metric's dimensions, or finds nothing. */
export function metricPublisher(account: AccountContract, region: string, environment: string): MetricPublisher {
  withoutVersionNotice();
  // Whoever sends tries again by itself.
  const client = new CloudWatchClient({ region, credentials: ownCredentials(account, region), maxAttempts: 1 });
  return async (metrics) => {
    const Timestamp = new Date();
    const MetricData = metrics.map(({ name, value, unit }) => ({
      MetricName: name,
      Dimensions: [{ Name: 'Environment', Value: environment }],
      Timestamp,
      Value: value,
      Unit: unit,
    }));
    await callAws('cloudwatch:PutMetricData', account.accountId, () =>
      client.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData })),
    );
  };
}
