import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { TerraformResource, type TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import { oneSharingMode } from './one-sharing-mode';

export interface ClusterShareProps {
  readonly environment: Environment;
  readonly clusterArn: string;
  /** Of the peering that is asked for together with the invitation, and ends as it does; absent: none is. */
  readonly peeringConnectionId?: string | undefined;
}

/**
 * Shares the cluster with the target account through AWS RAM. The share gets
 * RAM's default permission for clusters, the only one there is:
 * AWSRAMDefaultPermissionRDSCluster.
 *
 * An invitation that ended may leave an association that Terraform finds as it
 * made it (ram/principal_association.go: gone is only one that is
 * DISASSOCIATED), so it is made anew together with the peering, which is gone
 * for Terraform once the request has ended.
 */
export class ClusterShare extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ClusterShareProps) {
    super(scope, id);
    const { environment, clusterArn, peeringConnectionId } = props;
    const share = new RamResourceShare(this, 'share', {
      name: objectName(environment.name, 'cluster'),
      allowExternalPrincipals: environment.sharing.mode === 'invitation',
    });
    new RamResourceAssociation(this, 'resource', { resourceShareArn: share.arn, resourceArn: clusterArn });
    new RamPrincipalAssociation(this, 'principal', {
      resourceShareArn: share.arn,
      principal: environment.target.accountId,
      ...(environment.sharing.mode === 'invitation' && peeringConnectionId !== undefined
        ? this.invitedWith(peeringConnectionId)
        : {}),
    });
    oneSharingMode(this, 'mode', { environment, side: 'source' });
    this.arn = share.arn;
  }

  private invitedWith(peeringConnectionId: string): { lifecycle: TerraformResourceLifecycle } {
    // cdktf's own DataResource runs the terraform binary at every synth, to check its version.
    const asked = new TerraformResource(this, 'asked', { terraformResourceType: 'terraform_data' });
    asked.addOverride('triggers_replace', peeringConnectionId);
    return { lifecycle: { replaceTriggeredBy: [`terraform_data.${asked.friendlyUniqueId}`] } };
  }
}
