import { AwsError } from '../aws-error';
import { arn } from '../ids';
import { optionalText, text } from './handler';
import { kept, keptOf } from './kept';

const RULE = 'aws_cloudwatch_event_rule';
const TARGET = 'aws_cloudwatch_event_target';

export const cloudwatchEventRule = kept(RULE, {
  id: (config) => text(config, 'name'),
  computed: ({ account, region }, id) => ({ arn: arn('events', region, account.id, `rule/${id}`) }),
  check(_, config) {
    const pattern = optionalText(config, 'event_pattern');
    if (pattern !== undefined && !isPattern(pattern))
      throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: Filter is not an object');
  },
  checkDelete(scope, id) {
    if (Object.values(keptOf(scope, TARGET)).some(({ rule }) => rule === id))
      throw new AwsError('ValidationException', `Rule can't be deleted since it has targets.`);
  },
});

export const cloudwatchEventTarget = kept(TARGET, {
  id: (config) => `${text(config, 'rule')}-${text(config, 'target_id')}`,
  computed: () => ({ event_bus_name: 'default' }),
  check(scope, config) {
    const rule = text(config, 'rule');
    if (keptOf(scope, RULE)[rule] === undefined)
      throw new AwsError('ResourceNotFoundException', `Rule ${rule} does not exist on EventBus default.`);
  },
});

/** Fields with lists of what matches, or more of them inside. */
function isPattern(text: string): boolean {
  try {
    const fields = Object.values(JSON.parse(text) as object);
    return fields.length > 0 && fields.every((field) => typeof field === 'object');
  } catch {
    return false;
  }
}
