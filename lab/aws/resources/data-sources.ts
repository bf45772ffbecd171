import { parseArn } from '../../../environments/arn';
import { unsupported } from '../aws-error';
import { findCluster } from '../clusters';
import { usableKey } from '../key-policy';
import { parametersUnder } from '../services/ssm';
import { clusterAttributes } from './cluster-attributes';
import { zonesOf } from '../zones';
import { sharedWithUs } from './shared-with-us';
import { blocks, text, texts, type Attributes, type DataHandler } from './handler';
import { subnetGroupData } from './db-subnet-group';
import { peeringData, peeringsData } from './peering-data';
import { gatewayAttachments } from './transit-gateway';
import { subnet } from './vpc';

const rdsClusterData: DataHandler = ({ account, region }, config) => {
  const cluster = findCluster(account, text(config, 'cluster_identifier'));
  return { ...clusterAttributes(region, account, cluster), tags: cluster.tags };
};

/** Where there are none, the list is empty. */
const rdsClustersData: DataHandler = ({ account, region }, config) => {
  if (valuesOf(config, 'engine')?.includes('aurora-postgresql') !== true)
    throw unsupported('clusters by another filter than engine = aurora-postgresql');
  const clusters = Object.values(account.clusters);
  return {
    id: region,
    cluster_arns: clusters.map(({ arn }) => arn),
    cluster_identifiers: clusters.map(({ identifier }) => identifier),
  };
};

/** Both accounts see a peering, also one that has expired or was declined (it is visible for a while). */
/** Of a `filter` block; undefined: there is none of that name. */
function valuesOf(config: Attributes, name: string): string[] | undefined {
  const filter = blocks(config, 'filter').find((one) => one.name === name);
  return filter === undefined ? undefined : texts(filter, 'values');
}

/** An absent path is no error: it just holds no parameters. */
const ssmParametersByPath: DataHandler = ({ account }, config) => {
  const path = text(config, 'path');
  const found = parametersUnder(account, path, config.recursive === true);
  return {
    id: path,
    arns: found.map((parameter) => parameter.arn),
    names: found.map((parameter) => parameter.name),
    types: found.map((parameter) => parameter.type),
    values: found.map((parameter) => parameter.value),
  };
};

const callerIdentity: DataHandler = ({ account }) => ({
  id: account.id,
  account_id: account.id,
  arn: `arn:aws:sts::${account.id}:assumed-role/lab/terraform`,
  user_id: `AROALAB${account.id}:terraform`,
});

const availabilityZones: DataHandler = ({ account, region, world }) => {
  const zones = zonesOf(world, account, region);
  return { id: region, names: zones.map(({ name }) => name), zone_ids: zones.map(({ id }) => id) };
};

const subnetData: DataHandler = ({ account, region, world }, config) => {
  const found = subnet(account, text(config, 'id'));
  const zone = zonesOf(world, account, region).find(({ name }) => name === found.availabilityZone);
  return {
    id: found.id,
    vpc_id: found.vpcId,
    cidr_block: found.cidr ?? '',
    owner_id: account.vpcs[found.vpcId]?.ownerId ?? account.id,
    availability_zone: found.availabilityZone,
    availability_zone_id: zone?.id ?? '',
  };
};

const kmsKeyData: DataHandler = (scope, config) => {
  const key = usableKey(scope, text(config, 'key_id'), 'kms:DescribeKey');
  return {
    id: key.arn.split('/').at(-1),
    arn: key.arn,
    key_id: key.arn,
    aws_account_id: parseArn(key.arn)?.accountId,
    enabled: true,
    key_state: 'Enabled',
    key_usage: 'ENCRYPT_DECRYPT',
  };
};

export const dataSources: Readonly<Record<string, DataHandler>> = {
  aws_availability_zones: availabilityZones,
  aws_db_subnet_group: subnetGroupData,
  aws_ec2_transit_gateway_vpc_attachments: gatewayAttachments,
  aws_kms_key: kmsKeyData,
  aws_ram_resource_share: sharedWithUs,
  aws_rds_cluster: rdsClusterData,
  aws_rds_clusters: rdsClustersData,
  aws_subnet: subnetData,
  aws_ssm_parameters_by_path: ssmParametersByPath,
  aws_caller_identity: callerIdentity,
  aws_vpc_peering_connection: peeringData,
  aws_vpc_peering_connections: peeringsData,
};
