import { DataAwsRamResourceShare } from '@cdktf/provider-aws/lib/data-aws-ram-resource-share';
import { TerraformCount, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';

/**
 * Where the clone gives way to another one, the share that this is taken of is looked up before: a clone is destroyed
 * first, and without the share no other one can be made.
 *
 * The lookup fails where there is none, or where it is not accepted yet (ram/resource_share_data_source.go; RAM lists no
 * share of others before), and the provider has none that comes back empty: so the sentence is the provider's, "no
 * matching RAM Resource Share found", and the name of this block says what it was needed for. The count is known to the
 * plan, and it depends on nothing that a plan changes: else Terraform would look only while it destroys.
 *
 * @param givesWay expression that is true where the plan replaces the clone
 */
export function shareForTheNextClone(scope: Construct, environment: string, givesWay: string): void {
  new DataAwsRamResourceShare(scope, 'share-for-the-next-clone', {
    count: TerraformCount.of(Token.asNumber(`\${${givesWay} ? 1 : 0}`)),
    name: objectName(environment, 'cluster'),
    resourceOwner: 'OTHER-ACCOUNTS',
    resourceShareStatus: 'ACTIVE',
  });
}
