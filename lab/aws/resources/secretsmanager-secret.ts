import { createSecret } from '../secrets';
import type { Secret } from '../world';
import { nameFrom, optionalText, tagsOf, text, type Attributes, type ResourceHandler } from './handler';

function attributes(secret: Secret): Attributes {
  const { arn, name, description, kmsKeyId } = secret;
  return { id: arn, arn, name, description, kms_key_id: kmsKeyId ?? '', policy: '' };
}

export const secretsmanagerSecret: ResourceHandler = {
  create({ account, region }, config) {
    const secret = createSecret(account, region, {
      name: nameFrom(config),
      description: optionalText(config, 'description') ?? '',
      kmsKeyId: optionalText(config, 'kms_key_id') ?? null,
      tags: tagsOf(config),
    });
    return attributes(secret);
  },

  read({ account }, prior) {
    const secret = account.secrets[text(prior, 'id')];
    return secret === undefined || secret.deletedAt !== null ? null : attributes(secret);
  },

  update({ account }, config, prior) {
    const secret = account.secrets[text(prior, 'id')];
    if (secret === undefined) throw new Error(`secret ${prior.id} is gone`);
    secret.description = optionalText(config, 'description') ?? '';
    secret.kmsKeyId = optionalText(config, 'kms_key_id') ?? null;
    secret.tags = tagsOf(config);
    return attributes(secret);
  },

  /** Without `recovery_window_in_days = 0` the name stays taken for a while, which surprises people. */
  delete({ account }, prior) {
    const secret = account.secrets[text(prior, 'id')];
    if (secret === undefined) return;
    if (prior.recovery_window_in_days === 0) delete account.secrets[secret.arn];
    else secret.deletedAt = new Date().toISOString();
  },
};
