import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import type { ResourceShare } from '../world';
import { tagsOf, text, texts, type Attributes, type ResourceHandler } from './handler';

const DEFAULT_PERMISSION = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionRDSCluster';

/** A share that this account owns. Others cannot change it, not even when it is shared with them. */
export function ownShare({ world, account }: Scope, shareArn: string): ResourceShare {
  const share = world.shares[shareArn];
  if (share === undefined || share.owner !== account.id) {
    throw new AwsError('UnknownResourceException', `ResourceShare ${shareArn} could not be found.`);
  }
  return share;
}

function attributes(share: ResourceShare): Attributes {
  return {
    id: share.arn,
    arn: share.arn,
    name: share.name,
    allow_external_principals: share.allowExternalPrincipals,
    permission_arns: share.permissionArns,
  };
}

export const ramResourceShare: ResourceHandler = {
  create({ world, account, region }, config) {
    const permissions = texts(config, 'permission_arns');
    const share: ResourceShare = {
      arn: arn('ram', region, account.id, `resource-share/${randomUUID()}`),
      name: text(config, 'name'),
      owner: account.id,
      allowExternalPrincipals: config.allow_external_principals === true,
      permissionArns: permissions.length > 0 ? permissions : [DEFAULT_PERMISSION],
      resources: [],
      principals: {},
      tags: tagsOf(config),
    };
    world.shares[share.arn] = share;
    return attributes(share);
  },

  read({ world }, prior) {
    const share = world.shares[text(prior, 'id')];
    return share === undefined ? null : attributes(share);
  },

  update(scope, config, prior) {
    const old = ownShare(scope, text(prior, 'id'));
    const allowExternalPrincipals = config.allow_external_principals === true;
    const share = { ...old, name: text(config, 'name'), allowExternalPrincipals, tags: tagsOf(config) };
    scope.world.shares[share.arn] = share;
    return attributes(share);
  },

  delete(scope, prior) {
    delete scope.world.shares[ownShare(scope, text(prior, 'id')).arn];
  },
};
