import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { TargetObservation } from '../model/observation';

/**
 * Teardown goes on without a clone that the outputs do not name; what one that is there all the same has of ours, it
 * keeps. Nothing of that is on the source, so that it can be taken from the clone later as well.
 */
export function findUnseenClone(contract: SourceContract, target: TargetObservation | null): Finding[] {
  if (target !== null) return [];
  const { environment, replication, stacks } = contract;
  return [
    {
      code: 'CLONE_NOT_LOOKED_AT',
      severity: 'info',
      seen: 'no clone was looked at, because the outputs name none',
      why: `one that is there all the same, or comes back from a snapshot, keeps what it has of ours: role ${replication.role}, which can log in to it with the password in the secret, copies of the publications and heartbeats, and subscriptions that go on asking production for their slots`,
      next: `nothing, if it is gone; if it is not, run sql-runner teardown ${environment}, with outputs that name it and before stack ${stacks.source} is destroyed: it takes all of that from the clone`,
    },
  ];
}
