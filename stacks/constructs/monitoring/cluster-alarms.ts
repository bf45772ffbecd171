import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { IResolvable } from 'cdktf';
import { Construct } from 'constructs';
import type { Side } from '../../../contract/contract';
import { METRIC_NAMESPACE, objectName } from '../../../contract/naming';
import type { Threshold } from './thresholds';

export interface ClusterAlarmsProps {
  readonly environmentName: string;
  readonly side: Side;
  readonly clusterIdentifier: string;
  readonly topicArn: string;
  readonly thresholds: readonly Threshold[];
  readonly actionsEnabled?: IResolvable;
}

/**
 * An alarm for each threshold, which tells the topic itself, and one that is raised while any of them is. That one tells
 * nobody: while it is raised it would not tell of a second one. It is there to be watched, or built upon.
 */
export class ClusterAlarms extends Construct {
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: ClusterAlarmsProps) {
    super(scope, id);
    const { environmentName, side, topicArn, thresholds, actionsEnabled } = props;
    const alarms = thresholds.map((threshold) => {
      const isAbove = threshold.above !== undefined;
      return new CloudwatchMetricAlarm(this, threshold.name, {
        alarmName: objectName(environmentName, `${side}-${threshold.name}`),
        alarmDescription: threshold.says,
        ...metricOf(threshold, props),
        statistic: threshold.statistic,
        comparisonOperator: isAbove ? 'GreaterThanThreshold' : 'LessThanThreshold',
        threshold: threshold.above ?? threshold.below,
        period: 60,
        evaluationPeriods: threshold.minutes,
        // Of RDS, "missing" is told as INSUFFICIENT_DATA: nobody knows is not all well. Ours stops with who publishes it.
        treatMissingData: threshold.own ? 'breaching' : 'missing',
        actionsEnabled,
        alarmActions: [topicArn],
        okActions: [topicArn],
      });
    });
    const any = new CloudwatchCompositeAlarm(this, 'any', {
      alarmName: objectName(environmentName, side),
      alarmDescription: `Any alarm of environment ${environmentName} in this account.`,
      alarmRule: alarms.map(({ alarmName }) => `ALARM("${alarmName}")`).join(' OR '),
    });
    this.arns = [any.arn, ...alarms.map(({ arn }) => arn)];
  }
}

/** Slots are on the writer alone, and it is another instance after a failover. */
function metricOf(
  { metric, own }: Threshold,
  { environmentName, clusterIdentifier }: ClusterAlarmsProps,
): Pick<CloudwatchMetricAlarmConfig, 'namespace' | 'metricName' | 'dimensions'> {
  if (own) return { namespace: METRIC_NAMESPACE, metricName: metric, dimensions: { Environment: environmentName } };
  return {
    namespace: 'AWS/RDS',
    metricName: metric,
    dimensions: { DBClusterIdentifier: clusterIdentifier, Role: 'WRITER' },
  };
}
