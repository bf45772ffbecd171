import type { SourceContract } from '../../stacks/contract';
import type { Finding } from '../engine/change';
import type { SourceObservation } from '../engine/observation';

/** Production pays for what nobody has in mind: it is said as long as it stands. */
export function checkForgottenStreams(contract: SourceContract, source: SourceObservation): Finding[] {
  return source.forgotten.map(({ database, stream }) => ({
    code: 'STREAM_FORGOTTEN',
    severity: 'warn',
    seen: `publication ${stream.publication} and slot ${stream.slot} in database ${database} are ours, and the environment does not name them any more`,
    why: 'nothing here looks after them: the slot keeps WAL on production until it is dropped, and the publication may refuse writes',
    next: `put database ${database} back into the environment file, and deploy ${contract.stacks.source} and ${contract.stacks.target} again; or give the environment up, all of it: sql-runner teardown ${contract.environment}`,
  }));
}
