import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error';
import type { Account, KmsKey } from '../world';
import { optionalText, text, texts, unchanged, type Attributes, type ResourceHandler } from './handler';

/** A key of this account by ARN or by the id at its end. */
function key(account: Account, id: string): KmsKey | undefined {
  return account.kmsKeys[id] ?? Object.values(account.kmsKeys).find(({ arn }) => arn.endsWith(`key/${id}`));
}

function attributes(grant: KmsKey['grants'][string], keyId: string): Attributes {
  return { ...grant.settings, id: `${keyId}:${grant.id}`, key_id: keyId, grant_id: grant.id, grant_token: grant.token };
}

const read: ResourceHandler['read'] = ({ account }, prior) => {
  const keyId = text(prior, 'key_id');
  const grant = key(account, keyId)?.grants[text(prior, 'grant_id')];
  return grant === undefined ? null : attributes(grant, keyId);
};

export const kmsGrant: ResourceHandler = {
  create({ account }, config) {
    const keyId = text(config, 'key_id');
    const owner = key(account, keyId);
    if (owner === undefined) throw new AwsError('NotFoundException', `Key '${keyId}' does not exist`);
    const settings = {
      name: optionalText(config, 'name') ?? '',
      grantee_principal: text(config, 'grantee_principal'),
      operations: texts(config, 'operations'),
    };
    const grant = { id: randomBytes(32).toString('hex'), token: randomBytes(32).toString('base64'), settings };
    owner.grants[grant.id] = grant;
    return attributes(grant, keyId);
  },
  read,
  update: unchanged({ read }),
  delete({ account }, prior) {
    delete key(account, text(prior, 'key_id'))?.grants[text(prior, 'grant_id')];
  },
};
