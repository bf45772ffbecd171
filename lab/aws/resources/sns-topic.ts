import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Account, Topic } from '../world';
import { nameFrom, tagsOf, text, type Attributes, type ResourceHandler } from './handler';

const attributes = (account: Account, { arn: topicArn, displayName }: Topic): Attributes => ({
  id: topicArn,
  arn: topicArn,
  name: topicArn.split(':').at(-1),
  display_name: displayName ?? '',
  owner: account.id,
});

const topicsOf = (account: Account): Record<string, Topic> => (account.topics ??= {});

function topicOf(account: Account, topicArn: string): Topic {
  const topic = topicsOf(account)[topicArn];
  if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
}

function put({ account, region }: Parameters<ResourceHandler['create']>[0], config: Attributes): Attributes {
  const topicArn = arn('sns', region, account.id, nameFrom(config));
  const topic = topicsOf(account)[topicArn] ?? { arn: topicArn, messages: [] };
  const displayName = typeof config.display_name === 'string' ? config.display_name : '';
  const changed = { ...topic, displayName, tags: tagsOf(config) };
  topicsOf(account)[topicArn] = changed;
  return attributes(account, changed);
}

export const snsTopic: ResourceHandler = {
  create: put,
  read({ account }, prior) {
    const topic = topicsOf(account)[text(prior, 'id')];
    return topic === undefined ? null : attributes(account, topic);
  },
  update: put,
  delete({ account }, prior) {
    delete topicsOf(account)[text(prior, 'id')];
  },
};

/** Without one, who owns the topic may publish to it; to delete ours puts that back. */
export const snsTopicPolicy: ResourceHandler = {
  create: putPolicy,
  read({ account }, prior) {
    const topic = topicsOf(account)[text(prior, 'id')];
    return topic?.policy === undefined ? null : policyAttributes(account, topic);
  },
  update: putPolicy,
  delete({ account }, prior) {
    const topic = topicsOf(account)[text(prior, 'id')];
    if (topic !== undefined) topicsOf(account)[topic.arn] = { ...topic, policy: undefined };
  },
};

function putPolicy({ account }: Parameters<ResourceHandler['create']>[0], config: Attributes): Attributes {
  const topic = topicOf(account, text(config, 'arn'));
  const policy = text(config, 'policy');
  try {
    JSON.parse(policy);
  } catch {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Policy Error: null');
  }
  const changed = { ...topic, policy };
  topicsOf(account)[topic.arn] = changed;
  return policyAttributes(account, changed);
}

const policyAttributes = (account: Account, { arn: topicArn, policy }: Topic): Attributes => ({
  id: topicArn,
  arn: topicArn,
  owner: account.id,
  policy,
});
