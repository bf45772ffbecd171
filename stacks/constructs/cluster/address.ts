import type { TerraformResource } from 'cdktf';

/** As Terraform writes it: `aws_rds_cluster.production_cluster`. */
export const addressOf = (resource: TerraformResource): string =>
  `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
