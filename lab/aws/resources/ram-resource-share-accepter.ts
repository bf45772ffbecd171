import { AwsError } from '../aws-error';
import type { ResourceShare } from '../world';
import { text, unchanged, type Attributes, type ResourceHandler } from './handler';

function attributes(share: ResourceShare, receiver: string): Attributes {
  return {
    id: share.arn,
    share_arn: share.arn,
    share_id: share.arn.split('/').pop(),
    share_name: share.name,
    invitation_arn: share.principals[receiver]?.invitationArn ?? '',
    receiver_account_id: receiver,
    sender_account_id: share.owner,
    status: 'ACTIVE',
    resources: share.resources,
  };
}

const read: ResourceHandler['read'] = ({ world, account }, prior) => {
  const share = world.shares[text(prior, 'share_arn')];
  return share?.principals[account.id]?.status === 'accepted' ? attributes(share, account.id) : null;
};

export const ramResourceShareAccepter: ResourceHandler = {
  create({ world, account }, config) {
    const shareArn = text(config, 'share_arn');
    const share = world.shares[shareArn];
    const principal = share?.principals[account.id];
    if (share === undefined || principal === undefined || principal.status !== 'pending') {
      const message = `No pending RAM Resource Share (${shareArn}) invitation found. Accounts of one organization get none.`;
      throw new AwsError('ResourceShareInvitationArnNotFoundException', message);
    }
    principal.status = 'accepted';
    return attributes(share, account.id);
  },
  read,
  update: unchanged({ read }),
  delete({ world, account }, prior) {
    // Leaving the share; its owner may have deleted it meanwhile.
    delete world.shares[text(prior, 'share_arn')]?.principals[account.id];
  },
};
