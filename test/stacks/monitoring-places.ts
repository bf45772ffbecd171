import type { Side } from '../../contract/contract';
import { of, type SettingPlace } from './setting-place';

export const alarm = (side: Side, name: string) =>
  `${side}.resource.aws_cloudwatch_metric_alarm.monitoring_alarm_${name}`;
export const dashboard = (side: Side) =>
  `${side}.resource.aws_cloudwatch_dashboard.monitoring_dashboard.dashboard_body`;
export const SLOT_ALARMS = ['slot_disk', 'slot_lag', 'wal_disk'];
export const SERVER_ALARMS = ['cpu', 'memory', 'transaction_ids'];

const threshold = (side: Side, ...names: readonly string[]) => [
  dashboard(side),
  ...names.map((name) => `${alarm(side, name)}.threshold`),
];
const tells = (side: Side, ...names: readonly string[]) => [
  ...names.flatMap((name) => ['alarm_actions.0', 'ok_actions.0'].map((place) => `${alarm(side, name)}.${place}`)),
  ...['cluster', 'blue_green'].map(
    (rule) => `${side}.resource.aws_cloudwatch_event_target.monitoring_events_${rule}_topic.arn`,
  ),
];

/** The settings of monitoring. */
export const MONITORING: readonly SettingPlace[] = [
  of(
    'monitoring.sourceTopicArn',
    'arn:aws:sns:eu-central-1:123456789012:other',
    ...tells('source', ...SLOT_ALARMS, ...SERVER_ALARMS),
  ),
  of(
    'monitoring.targetTopicArn',
    'arn:aws:sns:eu-central-1:210987654321:other',
    ...tells('target', ...SERVER_ALARMS, 'heartbeat'),
    '-target.resource.aws_sns_topic',
    '-target.resource.aws_sns_topic_policy',
  ),
  of('monitoring.keptWal', '7GB', ...threshold('source', ...SLOT_ALARMS)),
  of(
    'monitoring.transactionIds',
    500_000_000,
    ...threshold('source', 'transaction_ids'),
    ...threshold('target', 'transaction_ids'),
  ),
  of('monitoring.cpuPercent', 70, ...threshold('source', 'cpu'), ...threshold('target', 'cpu')),
  of('monitoring.freeMemory', '3GB', ...threshold('source', 'memory'), ...threshold('target', 'memory')),
  of('monitoring.heartbeatSeconds', 120, ...threshold('target', 'heartbeat')),
];
