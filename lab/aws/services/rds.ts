import { AwsError } from '../aws-error';
import { attachGroup, findCluster, findInstance, reboot } from '../clusters';
import type { Scope } from '../operation';
import { parametersOf } from '../parameter-catalog';
import { parameterGroup } from '../parameter-groups';
import { paginate, required } from '../protocols/form-values';
import { formList } from '../protocols/query';
import { XmlList, type XmlValue } from '../protocols/xml';
import type { Instance } from '../world';
import { blueGreenOperations } from './blue-green';
import { describeLogFiles, downloadLogPortion } from './rds-logs';
import { clusterShape, instanceShape } from './rds-shapes';

export const RDS_NAMESPACE = 'http://rds.amazonaws.com/doc/2014-10-31/';

type Operation = (scope: Scope, form: URLSearchParams) => XmlValue;

export const rdsOperations: Readonly<Record<string, Operation>> = {
  DescribeDBClusters: describeClusters,
  DescribeDBInstances: describeInstances,
  DescribeDBClusterParameters: describeParameters,
  DescribeDBClusterParameterGroups: describeGroups,
  DescribeDBLogFiles: describeLogFiles,
  DownloadDBLogFilePortion: downloadLogPortion,
  ModifyDBCluster: modifyCluster,
  RebootDBInstance: rebootInstance,
  ...blueGreenOperations,
};

function describeClusters({ account }: Scope, form: URLSearchParams): XmlValue {
  const wanted = form.get('DBClusterIdentifier');
  const clusters = wanted === null ? Object.values(account.clusters) : [findCluster(account, wanted)];
  return {
    DBClusters: new XmlList(
      'DBCluster',
      clusters.map((cluster) => clusterShape(account, cluster)),
    ),
  };
}

function describeInstances({ account }: Scope, form: URLSearchParams): XmlValue {
  const wanted = form.get('DBInstanceIdentifier');
  const all = wanted === null ? Object.values(account.instances) : [findInstance(account, wanted)];
  const instances = all.filter((instance) => matchesFilters(instance, form));
  return {
    DBInstances: new XmlList(
      'DBInstance',
      instances.map((instance) => instanceShape(account, instance)),
    ),
  };
}

/** The filters that scripts use to find a cluster's instances. */
function matchesFilters(instance: Instance, form: URLSearchParams): boolean {
  for (let index = 1; form.has(`Filters.Filter.${index}.Name`); index += 1) {
    const name = form.get(`Filters.Filter.${index}.Name`);
    const values = formList(form, `Filters.Filter.${index}.Values.Value`);
    if (name !== 'db-cluster-id' && name !== 'db-instance-id') {
      throw new AwsError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    }
    const actual = name === 'db-cluster-id' ? instance.clusterIdentifier : instance.identifier;
    if (!values.includes(actual)) return false;
  }
  return true;
}

function describeParameters({ account }: Scope, form: URLSearchParams): XmlValue {
  const group = parameterGroup(account, required(form, 'DBClusterParameterGroupName'));
  const source = form.get('Source');
  const rows = parametersOf(group.family)
    .map(({ name, default: initial, applyType, takes }) => {
      const set = group.parameters[name];
      return {
        ParameterName: name,
        ParameterValue: set?.value ?? initial,
        Source: set === undefined ? 'engine-default' : 'user',
        ApplyType: applyType,
        ApplyMethod: set?.applyMethod ?? 'pending-reboot',
        IsModifiable: takes !== null,
        SupportedEngineModes: new XmlList('member', ['provisioned']),
      };
    })
    .filter((row) => source === null || row.Source === source);
  const { page, marker } = paginate(rows, form);
  return { Parameters: new XmlList('Parameter', page), Marker: marker };
}

function describeGroups({ account }: Scope, form: URLSearchParams): XmlValue {
  const wanted = form.get('DBClusterParameterGroupName');
  const groups = wanted === null ? Object.values(account.parameterGroups) : [parameterGroup(account, wanted)];
  const rows = groups.map(({ name, family, description }) => ({
    DBClusterParameterGroupName: name,
    DBParameterGroupFamily: family,
    Description: description,
  }));
  return { DBClusterParameterGroups: new XmlList('DBClusterParameterGroup', rows) };
}

function modifyCluster(scope: Scope, form: URLSearchParams): XmlValue {
  const cluster = findCluster(scope.account, required(form, 'DBClusterIdentifier'));
  const groupName = form.get('DBClusterParameterGroupName');
  if (groupName !== null) attachGroup(scope, cluster, groupName);
  return { DBCluster: clusterShape(scope.account, cluster) };
}

function rebootInstance(scope: Scope, form: URLSearchParams): XmlValue {
  const instance = findInstance(scope.account, required(form, 'DBInstanceIdentifier'));
  reboot(scope, instance);
  return { DBInstance: instanceShape(scope.account, instance) };
}
