import { AwsError, unsupported } from '../aws-error';
import { text, type DataHandler } from './handler';

/**
 * A share of another account. Those that an account was invited to and has not accepted are not among them (RAM API
 * reference, GetResourceShareInvitations); none, and more than one, is an error of the provider.
 */
export const sharedWithUs: DataHandler = ({ world, account }, config) => {
  if (config.resource_owner !== 'OTHER-ACCOUNTS' || config.resource_share_status !== 'ACTIVE')
    throw unsupported('shares by another lookup than resource_owner = OTHER-ACCOUNTS, resource_share_status = ACTIVE');
  const name = text(config, 'name');
  const found = Object.values(world.shares).filter(
    (share) => share.name === name && share.principals[account.id]?.status === 'accepted',
  );
  const [share] = found;
  if (share === undefined) throw new AwsError('NotFound', 'no matching RAM Resource Share found');
  if (found.length > 1)
    throw new AwsError(
      'TooManyResults',
      'multiple RAM Resource Shares matched; use additional constraints to reduce matches to a single RAM Resource Share',
    );
  return {
    id: share.arn,
    arn: share.arn,
    name: share.name,
    owning_account_id: share.owner,
    resource_arns: share.resources,
    status: 'ACTIVE',
  };
};
