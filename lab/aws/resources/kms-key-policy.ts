import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import type { KmsKey } from '../world';
import { text, type Attributes, type ResourceHandler } from './handler';

function keyOf({ account }: Scope, attributes: Attributes): KmsKey {
  const id = text(attributes, 'key_id');
  const key = account.kmsKeys[id];
  if (key === undefined) throw new AwsError('NotFoundException', `Key '${id}' does not exist`);
  return key;
}

function put(scope: Scope, config: Attributes): Attributes {
  const key = keyOf(scope, config);
  key.policy = text(config, 'policy');
  return { id: key.arn, key_id: key.arn, policy: key.policy };
}

export const kmsKeyPolicy: ResourceHandler = {
  create: put,
  read(scope, prior) {
    const key = keyOf(scope, prior);
    return key.policy === undefined ? null : { id: key.arn, key_id: key.arn, policy: key.policy };
  },
  update: put,
  // The provider leaves the policy as it is: a key always has one.
  delete: () => undefined,
};
