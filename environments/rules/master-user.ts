import { replicationRole } from '../../contract/naming';
import type { Problem } from '../../errors/problem';
import { createdSettings } from '../created-settings';
import type { Environment } from '../schema';

/** The clone logs in with a role that may replicate and nothing else; of a cluster that there is doctor looks whose it is. */
export function masterUserRule(environment: Environment): Problem[] {
  const { source, replication, name } = environment;
  if (source.cluster.mode !== 'create' || source.cluster.create === undefined) return [];
  const master = createdSettings(environment).masterUser.name;
  if ((replication.role ?? replicationRole(name)) !== master) return [];
  const byRole = replication.role !== undefined;
  return [
    {
      code: 'BAD_VALUE',
      seen: `The replication role and the master user of the new cluster are both ${master}.`,
      why: 'The password of the replication role is stored on the clone, in another account: whoever reads it there could change production.',
      next: byRole
        ? 'Choose another name, or remove replication.role.'
        : 'Choose another name for the master user, or state replication.role.',
      path: byRole ? ['replication', 'role'] : ['source', 'cluster', 'create', 'masterUser', 'name'],
    },
  ];
}
