import { instancesOf } from '../account';
import { anything, EVER, type Placed, type Row, type Rows } from './row';

/**
 * What the provider calls for clusters and what they consist of (terraform-provider-aws, internal/service/rds). RDS looks
 * at every object that a call names or that comes with it: a new instance at its cluster, its subnet group and the default
 * groups (Aurora user guide, "Identity-based policy examples").
 */
const TAGS = ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'];
const READ_TAGS = 'rds:ListTagsForResource';

const rds = (placed: Placed, kind: string, name = '*') => placed.account.arn('rds', `${kind}:${name}`);
const cluster = (placed: Placed) => [rds(placed, 'cluster', placed.nameOf('cluster_identifier'))];
const named = (kind: string) => (placed: Placed) => [rds(placed, kind, placed.nameOf('name'))];

/** Of the cluster itself: its groups, and the default ones that RDS takes where none is named. */
const groupsOf = (placed: Placed) => [
  rds(placed, 'cluster-pg', placed.nameOf('db_cluster_parameter_group_name')),
  ...(placed.block.db_subnet_group_name === undefined
    ? []
    : [rds(placed, 'subgrp', placed.nameOf('db_subnet_group_name'))]),
  rds(placed, 'og', 'default*'),
];
const clusterAndGroups = (placed: Placed) => [...cluster(placed), ...groupsOf(placed)];

const instances = (placed: Placed) => instancesOf(placed.account, placed.nameOf('cluster_identifier') ?? '*');
const instanceGroups = (placed: Placed) => [
  ...cluster(placed),
  ...(placed.block.db_subnet_group_name === undefined
    ? []
    : [rds(placed, 'subgrp', placed.nameOf('db_subnet_group_name'))]),
  rds(placed, 'pg', placed.nameOf('db_parameter_group_name') ?? 'default*'),
  rds(placed, 'og', 'default*'),
];

const isClone = ({ block }: Placed) => 'restore_to_point_in_time' in block;
/** What is shared has the ARN of its owner. */
const cloned = ({ account }: Placed) => [
  `arn:${account.partition}:rds:${account.environment.region}:${account.otherId}:cluster:${account.environment.source.cluster.identifier}`,
];

const CLUSTER: readonly Row[] = [
  { in: EVER, sid: 'Cluster', actions: ['rds:DescribeDBClusters', READ_TAGS], on: cluster },
  { in: EVER, sid: 'ClusterGlobal', actions: ['rds:DescribeGlobalClusters'], on: anything },
  {
    in: ['create'],
    sid: 'Cluster',
    actions: ['rds:RestoreDBClusterToPointInTime'],
    on: (placed) => [...clusterAndGroups(placed), ...cloned(placed)],
    if: isClone,
  },
  {
    in: ['create'],
    sid: 'Cluster',
    actions: ['rds:CreateDBCluster'],
    on: clusterAndGroups,
    if: (placed) => !isClone(placed),
  },
  // A restore is completed by a modification: master password, retention, scaling; the protection is lifted before the end.
  { in: ['create', 'update', 'delete'], sid: 'Cluster', actions: ['rds:ModifyDBCluster'], on: clusterAndGroups },
  { in: ['create', 'update'], sid: 'Cluster', actions: TAGS, on: cluster },
  { in: ['delete'], sid: 'Cluster', actions: ['rds:DeleteDBCluster'], on: cluster },
  {
    in: ['delete'],
    sid: 'ClusterSnapshot',
    actions: ['rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
    on: (placed) => [
      ...cluster(placed),
      rds(placed, 'cluster-snapshot', `${placed.nameOf('cluster_identifier') ?? ''}-*`),
    ],
    if: ({ block }) => block.skip_final_snapshot !== true && 'final_snapshot_identifier' in block,
  },
  // The role with which RDS asks the directory.
  {
    in: ['create', 'update'],
    sid: 'RolesPassed',
    actions: ['iam:PassRole'],
    on: ({ account, block }) => [account.global('iam', `role/${String(block.domain_iam_role_name)}`)],
    when: () => ({ StringEquals: { 'iam:PassedToService': 'rds.amazonaws.com' } }),
    if: ({ block }) => 'domain_iam_role_name' in block,
  },
  {
    in: ['create', 'update'],
    sid: 'DataApi',
    actions: ['rds:EnableHttpEndpoint', 'rds:DisableHttpEndpoint'],
    on: cluster,
    if: ({ block }) => 'enable_http_endpoint' in block,
  },
];

const INSTANCE: readonly Row[] = [
  { in: EVER, sid: 'Instances', actions: ['rds:DescribeDBInstances', READ_TAGS], on: instances },
  {
    in: ['create'],
    sid: 'Instances',
    actions: ['rds:CreateDBInstance'],
    on: (placed) => [...instances(placed), ...instanceGroups(placed)],
  },
  {
    in: ['create', 'update'],
    sid: 'Instances',
    actions: ['rds:ModifyDBInstance'],
    on: (placed) => [...instances(placed), ...instanceGroups(placed)],
  },
  { in: ['create', 'update'], sid: 'Instances', actions: TAGS, on: instances },
  { in: ['delete'], sid: 'Instances', actions: ['rds:DeleteDBInstance'], on: instances },
  // Another certificate authority than the default one is in force after a restart, which the provider makes.
  {
    in: ['create', 'update'],
    sid: 'Instances',
    actions: ['rds:RebootDBInstance'],
    on: instances,
    if: ({ block }) => 'ca_cert_identifier' in block,
  },
];

/** A group of parameters or subnets: made, changed, tagged and removed under its name. */
function groupRows(sid: string, kind: string, noun: string, more: readonly string[] = []): readonly Row[] {
  const on = named(kind);
  return [
    { in: EVER, sid, actions: [`rds:Describe${noun}s`, READ_TAGS, ...more], on },
    { in: ['create'], sid, actions: [`rds:Create${noun}`], on },
    { in: ['create', 'update'], sid, actions: [`rds:Modify${noun}`, ...TAGS], on },
    { in: ['delete'], sid, actions: [`rds:Delete${noun}`], on },
  ];
}

/** A parameter that is taken out of a group is reset. */
const reset = (sid: string, kind: string, noun: string): Row => ({
  in: ['update'],
  sid,
  actions: [`rds:Reset${noun}`],
  on: named(kind),
});

const allClusters = ({ account }: Placed) => [account.arn('rds', 'cluster:*')];

export const RDS: Rows = {
  'data.aws_db_subnet_group': [
    // The cluster says which one it is in.
    {
      in: ['read'],
      sid: 'SubnetGroupRead',
      actions: ['rds:DescribeDBSubnetGroups'],
      on: (placed) => [rds(placed, 'subgrp')],
    },
  ],
  'data.aws_rds_cluster': [
    { in: ['read'], sid: 'Production', actions: ['rds:DescribeDBClusters', READ_TAGS], on: cluster },
  ],
  // It asks for all, and takes out the one that it looks for (cluster_data_source.go).
  'data.aws_rds_clusters': [{ in: ['read'], sid: 'ClusterRead', actions: ['rds:DescribeDBClusters'], on: allClusters }],
  aws_rds_cluster: CLUSTER,
  aws_rds_cluster_instance: INSTANCE,
  aws_rds_cluster_parameter_group: [
    ...groupRows('ParameterGroup', 'cluster-pg', 'DBClusterParameterGroup', ['rds:DescribeDBClusterParameters']),
    reset('ParameterGroup', 'cluster-pg', 'DBClusterParameterGroup'),
  ],
  aws_db_parameter_group: [
    ...groupRows('InstanceParameters', 'pg', 'DBParameterGroup', ['rds:DescribeDBParameters']),
    reset('InstanceParameters', 'pg', 'DBParameterGroup'),
  ],
  aws_db_subnet_group: groupRows('SubnetGroup', 'subgrp', 'DBSubnetGroup'),
};
