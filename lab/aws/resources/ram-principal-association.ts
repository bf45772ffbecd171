import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error';
import { arn } from '../ids';
import { ownShare } from './ram-resource-share';
import { text, unchanged, type Attributes, type ResourceHandler } from './handler';

function attributes(shareArn: string, principal: string): Attributes {
  return { id: `${shareArn},${principal}`, resource_share_arn: shareArn, principal };
}

const read: ResourceHandler['read'] = ({ world }, prior) => {
  const [shareArn, principal] = [text(prior, 'resource_share_arn'), text(prior, 'principal')];
  return world.shares[shareArn]?.principals[principal] === undefined ? null : attributes(shareArn, principal);
};

export const ramPrincipalAssociation: ResourceHandler = {
  create(scope, config) {
    const { world, region } = scope;
    const share = ownShare(scope, text(config, 'resource_share_arn'));
    const principal = text(config, 'principal');
    if (!/^\d{12}$/.test(principal)) {
      throw new AwsError(
        'MalformedArnException',
        `The lab shares with accounts only, and "${principal}" is not an account id.`,
      );
    }
    if (!world.organization && !share.allowExternalPrincipals) {
      const message = `Principal ${principal} is outside your AWS Organization, and the resource share does not allow external principals.`;
      throw new AwsError('OperationNotPermittedException', message);
    }
    // Within an organization with RAM sharing enabled there is no invitation: the share is there at once.
    share.principals[principal] = world.organization
      ? { status: 'accepted', invitationArn: null }
      : {
          status: 'pending',
          invitationArn: arn('ram', region, share.owner, `resource-share-invitation/${randomUUID()}`),
        };
    return attributes(share.arn, principal);
  },
  read,
  update: unchanged({ read }),
  delete(scope, prior) {
    delete ownShare(scope, text(prior, 'resource_share_arn')).principals[text(prior, 'principal')];
  },
};
