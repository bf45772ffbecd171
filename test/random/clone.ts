import type { Cluster } from '../../lab/aws/world';
import { type Accounts, TARGET_GROUP } from './accounts';

/** Shares the production cluster with the other account, as the source stack does. */
export async function shareProduction(accounts: Accounts): Promise<void> {
  const { source, target, production } = accounts;
  const make = (type: string, config: object) => accounts.terraform(source, 'create', type, config);
  const share = await make('aws_ram_resource_share', { name: 'seed' });
  const association = { resource_share_arn: share.arn };
  await make('aws_ram_resource_association', { ...association, resource_arn: production.arn });
  await make('aws_ram_principal_association', { ...association, principal: target.id });
  const { subnetIds } = accounts.environment.target.network;
  await accounts.terraform(target, 'create', 'aws_db_subnet_group', { name: 'clone', subnet_ids: subnetIds });
}

/** Copies production while it is written to, and starts the clone: what deploying the target stack does. */
export async function takeClone(accounts: Accounts): Promise<Cluster> {
  const { target, production } = accounts;
  const { identifier, instanceClass } = accounts.environment.target.clone;
  await accounts.terraform(target, 'create', 'aws_rds_cluster', {
    cluster_identifier: identifier,
    engine: 'aurora-postgresql',
    db_subnet_group_name: 'clone',
    db_cluster_parameter_group_name: TARGET_GROUP,
    manage_master_user_password: true,
    skip_final_snapshot: true,
    restore_to_point_in_time: [
      {
        source_cluster_identifier: production.arn,
        restore_type: 'copy-on-write',
        use_latest_restorable_time: true,
        restore_to_time: null,
      },
    ],
  });
  const instance = { cluster_identifier: identifier, identifier: `${identifier}-1`, instance_class: instanceClass };
  await accounts.terraform(target, 'create', 'aws_rds_cluster_instance', instance);
  return target.clusters[identifier]!;
}
