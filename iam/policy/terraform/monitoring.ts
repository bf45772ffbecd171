import { EVER, type Placed, type Row, type Rows } from './row';

/** What the provider calls for alarms, the dashboard, rules and the topic (internal/service/cloudwatch, events, sns). */
const alarm = (placed: Placed) => [placed.account.arn('cloudwatch', `alarm:${placed.nameOf('alarm_name')}`)];
const dashboard = (placed: Placed) => [
  placed.account.global('cloudwatch', `dashboard/${placed.nameOf('dashboard_name')}`),
];
const rule = (argument: string) => (placed: Placed) => [
  placed.account.arn('events', `rule/${placed.nameOf(argument)}`),
];
const topic = (argument: string) => (placed: Placed) => [placed.account.arn('sns', placed.nameOf(argument) ?? '*')];

const TAGS = ['TagResource', 'UntagResource'];
const of = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

const alarmRows = (put: string): readonly Row[] => [
  // It asks for alarms by name, and CloudWatch looks at all of them.
  {
    in: EVER,
    sid: 'AlarmsRead',
    actions: ['cloudwatch:DescribeAlarms'],
    on: ({ account }) => [account.arn('cloudwatch', 'alarm:*')],
  },
  { in: EVER, sid: 'Alarms', actions: ['cloudwatch:ListTagsForResource'], on: alarm },
  { in: ['create', 'update'], sid: 'Alarms', actions: of('cloudwatch', put, ...TAGS), on: alarm },
  { in: ['delete'], sid: 'Alarms', actions: ['cloudwatch:DeleteAlarms'], on: alarm },
];

export const MONITORING: Rows = {
  aws_cloudwatch_metric_alarm: alarmRows('PutMetricAlarm'),
  aws_cloudwatch_composite_alarm: alarmRows('PutCompositeAlarm'),
  aws_cloudwatch_dashboard: [
    { in: EVER, sid: 'Dashboard', actions: ['cloudwatch:GetDashboard'], on: dashboard },
    { in: ['create', 'update'], sid: 'Dashboard', actions: ['cloudwatch:PutDashboard'], on: dashboard },
    { in: ['delete'], sid: 'Dashboard', actions: ['cloudwatch:DeleteDashboards'], on: dashboard },
  ],
  aws_cloudwatch_event_rule: [
    { in: EVER, sid: 'EventRules', actions: of('events', 'DescribeRule', 'ListTagsForResource'), on: rule('name') },
    {
      in: ['create', 'update'],
      sid: 'EventRules',
      actions: of('events', 'PutRule', ...TAGS),
      on: rule('name'),
    },
    { in: ['delete'], sid: 'EventRules', actions: ['events:DeleteRule'], on: rule('name') },
  ],
  aws_cloudwatch_event_target: [
    { in: EVER, sid: 'EventRules', actions: ['events:ListTargetsByRule'], on: rule('rule') },
    { in: ['create', 'update'], sid: 'EventRules', actions: ['events:PutTargets'], on: rule('rule') },
    { in: ['delete'], sid: 'EventRules', actions: ['events:RemoveTargets'], on: rule('rule') },
  ],
  aws_sns_topic: [
    { in: EVER, sid: 'Topic', actions: of('sns', 'GetTopicAttributes', 'ListTagsForResource'), on: topic('name') },
    { in: ['create'], sid: 'Topic', actions: ['sns:CreateTopic'], on: topic('name') },
    {
      in: ['create', 'update'],
      sid: 'Topic',
      actions: of('sns', 'SetTopicAttributes', ...TAGS),
      on: topic('name'),
    },
    { in: ['delete'], sid: 'Topic', actions: ['sns:DeleteTopic'], on: topic('name') },
  ],
  // It is never removed, but put back to that of a new topic.
  aws_sns_topic_policy: [
    { in: EVER, sid: 'Topic', actions: ['sns:GetTopicAttributes'], on: topic('arn') },
    { in: ['create', 'update', 'delete'], sid: 'Topic', actions: ['sns:SetTopicAttributes'], on: topic('arn') },
  ],
};
