import type { SourceContract } from '../../contract/contract';
import { changeOf, NOTHING, propose, type Proposal } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { isOwnersGroup, notSet, restartNeeded } from './attached-group';

/**
 * rds.logical_replication is a static parameter: wal_level becomes `logical`
 * only when the writer restarts (Aurora user guide, "Setting up logical
 * replication"). A reboot is an outage, hence a change of its own with a flag.
 */
export function planWriterReboot(contract: SourceContract, source: SourceObservation): Proposal {
  if (!restartNeeded(contract, source)) return NOTHING;
  // A restart brings nothing that the owner's group does not set.
  if (isOwnersGroup(contract) && notSet(contract, source).length > 0) return NOTHING;
  const reason =
    source.server.walLevel === 'logical'
      ? 'static parameters of the group wait for a restart'
      : `wal_level is ${source.server.walLevel}; logical replication needs a restart of the writer: a short outage`;
  return propose([
    changeOf({
      address: { side: 'source', kind: 'reboot', name: source.cluster.writer },
      action: 'update',
      consent: 'allow-reboot',
      reason,
      preview: [`rds:RebootDBInstance DBInstanceIdentifier=${source.cluster.writer}`],
      operation: { kind: 'reboot-writer', cluster: contract.cluster.identifier, expectLogical: true },
    }),
  ]);
}
