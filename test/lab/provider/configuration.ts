/** A small project: a clone of a cluster that exists already, with its parameter group and instance. */
export const PROVIDER = {
  region: 'eu-west-1',
  allowed_account_ids: ['111111111111'],
  assume_role: [{ role_arn: 'arn:aws:iam::111111111111:role/aurora-sync' }],
  default_tags: [{ tags: { project: 'sync' } }],
};
export const CLONE = {
  cluster_identifier: 'demo-clone',
  engine: 'aurora-postgresql',
  skip_final_snapshot: true,
  manage_master_user_password: true,
  db_cluster_parameter_group_name: '${aws_rds_cluster_parameter_group.group.id}',
  restore_to_point_in_time: [
    {
      source_cluster_identifier: '${data.aws_rds_cluster.source.arn}',
      restore_type: 'copy-on-write',
      use_latest_restorable_time: true,
    },
  ],
  tags: { owner: 'team' },
};
const GROUP = {
  family: 'aurora-postgresql17',
  name: 'demo',
  parameter: [
    { name: 'rds.logical_replication', value: '1', apply_method: 'pending-reboot' },
    { name: 'max_wal_senders', value: '20' },
  ],
};
export const CONFIGURATION = {
  provider: { aws: [PROVIDER] },
  data: { aws_rds_cluster: { source: { cluster_identifier: 'production' } } },
  resource: {
    aws_rds_cluster_parameter_group: { group: GROUP },
    aws_rds_cluster: { clone: CLONE },
    aws_rds_cluster_instance: {
      writer: {
        cluster_identifier: '${aws_rds_cluster.clone.id}',
        engine: 'aurora-postgresql',
        instance_class: 'db.r6g.large',
      },
    },
  },
  output: { arn: { value: '${aws_rds_cluster.clone.arn}' }, port: { value: '${data.aws_rds_cluster.source.port}' } },
};
