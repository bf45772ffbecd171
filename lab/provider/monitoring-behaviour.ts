import type { Behaviour } from './behaviour';
import { arn, arnOf, atMostOne, oneOf } from './rules';
import type { ResourceType } from './schema/types-in-use';

/** As resource-behaviour.ts, of alarms, events and topics. */
export const MONITORING_BEHAVIOUR = {
  // cloudwatch/composite_alarm.go
  aws_cloudwatch_composite_alarm: {
    forceNew: ['alarm_name', 'actions_enabled'],
    defaults: { actions_enabled: true },
    rules: [arn('alarm_actions'), arn('ok_actions')],
  },
  // cloudwatch/dashboard.go
  aws_cloudwatch_dashboard: { forceNew: ['dashboard_name'] },
  // events/rule.go
  aws_cloudwatch_event_rule: {
    forceNew: ['name', 'name_prefix', 'event_bus_name'],
    defaults: { event_bus_name: 'default', force_destroy: false, state: 'ENABLED' },
    rules: [atMostOne('', 'name', 'name_prefix')],
  },
  // events/target.go
  aws_cloudwatch_event_target: {
    forceNew: ['rule', 'target_id', 'event_bus_name'],
    defaults: { event_bus_name: 'default', force_destroy: false },
    rules: [arn('arn')],
  },
  // cloudwatch/metric_alarm.go
  aws_cloudwatch_metric_alarm: {
    forceNew: ['alarm_name'],
    defaults: { actions_enabled: true, treat_missing_data: 'missing' },
    rules: [
      arn('alarm_actions'),
      arn('ok_actions'),
      atMostOne('', 'statistic', 'extended_statistic'),
      oneOf('statistic', 'SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'),
      oneOf('treat_missing_data', 'missing', 'ignore', 'breaching', 'notBreaching'),
      oneOf(
        'comparison_operator',
        'GreaterThanOrEqualToThreshold',
        'GreaterThanThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
        'LessThanLowerOrGreaterThanUpperThreshold',
        'LessThanLowerThreshold',
        'GreaterThanUpperThreshold',
      ),
    ],
  },
  // sns/topic.go
  aws_sns_topic: {
    forceNew: ['name', 'name_prefix', 'fifo_topic'],
    defaults: { content_based_deduplication: false, fifo_topic: false },
    rules: [atMostOne('', 'name', 'name_prefix')],
  },
  // sns/topic_policy.go
  aws_sns_topic_policy: { forceNew: ['arn'], rules: [arnOf('arn', 'sns')] },
} as const satisfies Partial<Record<ResourceType, Behaviour>>;
