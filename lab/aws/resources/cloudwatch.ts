import { AwsError } from '../aws-error';
import { arn } from '../ids';
import { text, texts } from './handler';
import { kept, keptOf } from './kept';

const METRIC_ALARM = 'aws_cloudwatch_metric_alarm';
const COMPOSITE_ALARM = 'aws_cloudwatch_composite_alarm';

/** Who an alarm tells has to be a topic of its Region, or another service's action. */
function checkActions(region: string, actions: readonly string[]): void {
  const wrong = actions.find((action) => !action.startsWith(`arn:aws:sns:${region}:`));
  if (wrong !== undefined) throw new AwsError('ValidationError', `Invalid arn syntax: ${wrong}`);
}

export const cloudwatchMetricAlarm = kept(METRIC_ALARM, {
  id: (config) => text(config, 'alarm_name'),
  computed: ({ account, region }, id) => ({ arn: arn('cloudwatch', region, account.id, `alarm:${id}`) }),
  check: ({ region }, config) =>
    checkActions(region, [...texts(config, 'alarm_actions'), ...texts(config, 'ok_actions')]),
});

/** PutCompositeAlarm refuses a rule that names an alarm which does not exist. */
export const cloudwatchCompositeAlarm = kept(COMPOSITE_ALARM, {
  id: (config) => text(config, 'alarm_name'),
  computed: ({ account, region }, id) => ({ arn: arn('cloudwatch', region, account.id, `alarm:${id}`) }),
  check(scope, config) {
    checkActions(scope.region, texts(config, 'alarm_actions'));
    const rule = text(config, 'alarm_rule');
    const named = [...rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\("([^"]+)"\)/g)].map(([, name]) => name!);
    if (named.length === 0) throw new AwsError('ValidationError', `AlarmRule contains a syntax error: ${rule}`);
    const known = { ...keptOf(scope, METRIC_ALARM), ...keptOf(scope, COMPOSITE_ALARM) };
    const missing = named.filter((name) => known[name] === undefined);
    if (missing.length > 0)
      throw new AwsError('ValidationError', `AlarmRule refers to alarms that do not exist: ${missing.join(', ')}`);
  },
});

export const cloudwatchDashboard = kept('aws_cloudwatch_dashboard', {
  id: (config) => text(config, 'dashboard_name'),
  computed: ({ account }, id) => ({ dashboard_arn: arn('cloudwatch', '', account.id, `dashboard/${id}`) }),
  check(_, config) {
    if (!isDashboard(text(config, 'dashboard_body')))
      throw new AwsError('InvalidParameterInput', 'The dashboard body is invalid, there are validation errors');
  },
});

/** Of each widget its type, its place on 24 columns and its properties (PutDashboard). */
function isDashboard(body: string): boolean {
  try {
    const { widgets } = JSON.parse(body) as { widgets: Record<string, unknown>[] };
    return widgets.every(
      ({ type, x, width, properties }) =>
        ['metric', 'alarm', 'text', 'log'].includes(String(type)) &&
        Number(x) + Number(width) <= 24 &&
        typeof properties === 'object',
    );
  } catch {
    return false;
  }
}
