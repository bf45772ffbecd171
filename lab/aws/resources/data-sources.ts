import { findCluster } from '../clusters';
import { parametersUnder } from '../services/ssm';
import { clusterAttributes } from './cluster-attributes';
import { text, type DataHandler } from './handler';

const rdsClusterData: DataHandler = ({ account }, config) => {
  const cluster = findCluster(account, text(config, 'cluster_identifier'));
  return { ...clusterAttributes(account, cluster), tags: cluster.tags };
};

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

export const dataSources: Readonly<Record<string, DataHandler>> = {
  aws_rds_cluster: rdsClusterData,
  aws_ssm_parameters_by_path: ssmParametersByPath,
  aws_caller_identity: callerIdentity,
};
