import { RamPrincipalAssociation } from '@cdktf/provider-aws/lib/ram-principal-association';
import { RamResourceAssociation } from '@cdktf/provider-aws/lib/ram-resource-association';
import { RamResourceShare } from '@cdktf/provider-aws/lib/ram-resource-share';
import { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/**
 * Shares the cluster with the target account through AWS RAM. The share gets
 * RAM's default permission for clusters, the only one there is:
 * AWSRAMDefaultPermissionRDSCluster.
 */
export class ClusterShare extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: { environment: Environment; clusterArn: string }) {
    super(scope, id);
    const { environment, clusterArn } = props;
    const share = new RamResourceShare(this, 'share', {
      name: objectName(environment.name, 'cluster'),
      allowExternalPrincipals: environment.sharing.mode === 'invitation',
    });
    new RamResourceAssociation(this, 'resource', { resourceShareArn: share.arn, resourceArn: clusterArn });
    new RamPrincipalAssociation(this, 'principal', {
      resourceShareArn: share.arn,
      principal: environment.target.accountId,
    });
    this.arn = share.arn;
  }
}
