import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { Construct } from 'constructs';
import { METRIC_NAMESPACE, objectName } from '../../../contract/naming';
import type { ClusterAlarmsProps } from './cluster-alarms';
import type { Threshold } from './thresholds';

/** A dashboard is 24 columns wide (CloudWatch API reference, "Dashboard body structure and syntax"). */
const [WIDTH, HEIGHT, PER_ROW] = [8, 6, 3];

/** A graph for each metric that an alarm watches, with its threshold, below the states of all alarms. */
export function dashboard(
  scope: Construct,
  { environmentName, side, clusterIdentifier, thresholds }: ClusterAlarmsProps,
  { region, alarmArns }: { readonly region: string; readonly alarmArns: readonly string[] },
): CloudwatchDashboard {
  const states = {
    type: 'alarm',
    ...{ x: 0, y: 0, width: WIDTH * PER_ROW, height: 3 },
    properties: { title: `Environment ${environmentName}, ${side} side`, alarms: alarmArns },
  };
  const graphs = thresholds.map((threshold, index) => ({
    type: 'metric',
    ...{ x: WIDTH * (index % PER_ROW), y: 3 + HEIGHT * Math.floor(index / PER_ROW), width: WIDTH, height: HEIGHT },
    properties: {
      title: threshold.metric,
      region,
      period: 60,
      stat: threshold.statistic,
      metrics: [metric(threshold, environmentName, clusterIdentifier)],
      annotations: { horizontal: [{ label: 'alarm', value: threshold.above ?? threshold.below }] },
      ...(threshold.unit === 'percent' ? { yAxis: { left: { min: 0, max: 100 } } } : { yAxis: { left: { min: 0 } } }),
    },
  }));
  return new CloudwatchDashboard(scope, 'dashboard', {
    dashboardName: objectName(environmentName, side),
    dashboardBody: JSON.stringify({ widgets: [states, ...graphs] }),
  });
}

const metric = ({ metric: name, own }: Threshold, environmentName: string, clusterIdentifier: string): string[] =>
  own
    ? [METRIC_NAMESPACE, name, 'Environment', environmentName]
    : ['AWS/RDS', name, 'DBClusterIdentifier', clusterIdentifier, 'Role', 'WRITER'];
