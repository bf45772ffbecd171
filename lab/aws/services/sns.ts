import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import type { XmlValue } from '../protocols/xml';
import type { Topic } from '../world';

export const SNS_VERSION = '2010-03-31';
export const SNS_NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

type Operation = (scope: Scope, form: URLSearchParams) => XmlValue;

export const snsOperations: Readonly<Record<string, Operation>> = {
  CreateTopic: createTopic,
  Publish: publish,
};

function createTopic({ account, region }: Scope, form: URLSearchParams): XmlValue {
  const name = form.get('Name') ?? '';
  if (!/^[\w-]{1,256}(\.fifo)?$/.test(name)) throw invalid('Topic Name');
  const topicArn = arn('sns', region, account.id, name);
  account.topics = { [topicArn]: { arn: topicArn, messages: [] }, ...account.topics };
  return { TopicArn: topicArn };
}

/** As the API reference limits it: the subject is ASCII of less than 100 characters, the message has 256 KiB at most. */
function publish({ account }: Scope, form: URLSearchParams): XmlValue {
  const topicArn = form.get('TopicArn') ?? '';
  const topic = account.topics?.[topicArn];
  if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  const [subject, message] = [form.get('Subject') ?? '', form.get('Message') ?? ''];
  if (!/^[ -~]{0,99}$/.test(subject)) throw invalid('Subject');
  if (message === '' || Buffer.byteLength(message) > 256 * 1024) throw invalid('Message');
  const id = randomUUID();
  if (!isTakenAlready(topic, form))
    topic.messages.push({ id, subject, message, attributes: attributesOf(form), group: form.get('MessageGroupId') });
  return { MessageId: id };
}

function isTakenAlready({ arn: topicArn, messages }: Topic, form: URLSearchParams): boolean {
  if (!topicArn.endsWith('.fifo')) return false;
  const id = form.get('MessageDeduplicationId');
  if (id === null || form.get('MessageGroupId') === null)
    throw invalid('The MessageGroupId and MessageDeduplicationId');
  return messages.some(({ message }) => message.includes(id));
}

function attributesOf(form: URLSearchParams): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let index = 1; form.has(`MessageAttributes.entry.${index}.Name`); index += 1) {
    const entry = `MessageAttributes.entry.${index}`;
    attributes[form.get(`${entry}.Name`)!] = form.get(`${entry}.Value.StringValue`) ?? '';
  }
  return attributes;
}

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
