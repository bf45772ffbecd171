import { texts, type Attributes } from './resources/handler';
import type { Cluster, ClusterSettings } from './world';

/** What production has, so that what a clone takes over from it, and what it does not, shows. */
export const PRODUCTION_SETTINGS: ClusterSettings = {
  storageType: 'aurora-iopt1',
  backupRetention: 7,
  iamAuthentication: true,
  logExports: ['postgresql'],
};

/** Of a cluster that a lab of before has made. */
const NOTHING_SET: ClusterSettings = { storageType: '', backupRetention: 1, iamAuthentication: false, logExports: [] };

export const settingsOf = (cluster: Cluster): ClusterSettings => cluster.settings ?? NOTHING_SET;

/**
 * A clone has what production has but for the storage, which is Standard unless said (RestoreDBClusterToPointInTime).
 * The provider sends of the rest only what is not false or empty, and the retention in a second call (rds/cluster.go).
 */
export function restoredSettings(config: Attributes, source: ClusterSettings): ClusterSettings {
  return {
    storageType: storageIn(config) ?? '',
    backupRetention: retentionIn(config) ?? source.backupRetention,
    iamAuthentication: config.iam_database_authentication_enabled === true || source.iamAuthentication,
    logExports: exportsIn(config) ?? source.logExports,
  };
}

/** An update sets what the plan has, also to false and to none. */
export function updatedSettings(config: Attributes, before: ClusterSettings): ClusterSettings {
  return {
    storageType: storageIn(config) ?? before.storageType,
    backupRetention: retentionIn(config) ?? before.backupRetention,
    iamAuthentication: config.iam_database_authentication_enabled === true,
    logExports: texts(config, 'enabled_cloudwatch_logs_exports'),
  };
}

/** Without the type of the storage, which the provider's data source does not have. */
export function settingAttributes(cluster: Cluster): Attributes {
  const { backupRetention, iamAuthentication, logExports } = settingsOf(cluster);
  return {
    backup_retention_period: backupRetention,
    iam_database_authentication_enabled: iamAuthentication,
    enabled_cloudwatch_logs_exports: [...logExports],
  };
}

/** RDS says nothing of Standard storage, whatever it is called when one asks for it. */
function storageIn({ storage_type: type }: Attributes): string | undefined {
  if (typeof type !== 'string') return undefined;
  return type === 'aurora' ? '' : type;
}

const retentionIn = ({ backup_retention_period: days }: Attributes): number | undefined =>
  typeof days === 'number' ? days : undefined;

function exportsIn(config: Attributes): string[] | undefined {
  const exports = texts(config, 'enabled_cloudwatch_logs_exports');
  return exports.length > 0 ? exports : undefined;
}
