import { AwsError } from '../aws-error';
import { ownShare } from './ram-resource-share';
import { text, unchanged, type Attributes, type ResourceHandler } from './handler';

function attributes(shareArn: string, resourceArn: string): Attributes {
  return { id: `${shareArn},${resourceArn}`, resource_share_arn: shareArn, resource_arn: resourceArn };
}

const read: ResourceHandler['read'] = ({ world }, prior) => {
  const [shareArn, resourceArn] = [text(prior, 'resource_share_arn'), text(prior, 'resource_arn')];
  return world.shares[shareArn]?.resources.includes(resourceArn) === true ? attributes(shareArn, resourceArn) : null;
};

export const ramResourceAssociation: ResourceHandler = {
  create(scope, config) {
    const share = ownShare(scope, text(config, 'resource_share_arn'));
    const resourceArn = text(config, 'resource_arn');
    const cluster = Object.values(scope.account.clusters).find((one) => one.arn === resourceArn);
    if (cluster === undefined) {
      throw new AwsError('UnknownResourceException', `Resource ${resourceArn} could not be found.`);
    }
    // AWS lets no other account use its default key, so such a cluster cannot be shared.
    if (cluster.kmsKeyId?.endsWith('alias/aws/rds') === true) {
      const message = `Resource ${resourceArn} is encrypted with the default aws/rds key and cannot be shared.`;
      throw new AwsError('InvalidResourceTypeException', message);
    }
    // A clone that came from another account must not be passed on [Aurora user guide, cross-account cloning].
    if (cluster.sourceArn !== null) {
      throw new AwsError(
        'OperationNotPermittedException',
        `Resource ${resourceArn} is a cross-account clone and cannot be shared.`,
      );
    }
    if (!share.resources.includes(resourceArn)) share.resources.push(resourceArn);
    return attributes(share.arn, resourceArn);
  },
  read,
  update: unchanged({ read }),
  delete(scope, prior) {
    const share = ownShare(scope, text(prior, 'resource_share_arn'));
    share.resources = share.resources.filter((one) => one !== prior.resource_arn);
  },
};
