import type { SourceContract } from '../../contract/contract';
import type { Observation } from '../model/observation';
import type { NextStep } from '../model/plan';
import { streamFacts } from '../model/stream-state';
import { judgeContinuity } from '../resources/continuity';

/** After rows of single tables were mended: a stream that is not proven stays so until all of its rows are compared. */
export function proveNext(contract: SourceContract, observation: Observation): NextStep | null {
  const doubted = streamFacts(contract, observation).some(
    (of) => judgeContinuity(contract, observation, of)?.kind === 'not proven',
  );
  if (!doubted) return null;
  return {
    command: `sql-runner apply ${contract.environment}`,
    reason: 'compares every row of the streams that are not proven',
  };
}
