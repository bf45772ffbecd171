import type { SourceContract } from '../../contract/contract';
import { block } from '../model/change';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts } from '../model/stream-state';
import type { ConnectionDoubts } from '../resources/put-back';
import { isResetUnfinished } from '../resources/retirement';
import { finishPlan } from './finish-plan';
import { planApply } from './plan-apply';

/** An apply that may let go on what is held; where that is not safe it refuses (resources/held-stream.ts). */
export function planResume(contract: SourceContract, observation: Observation, doubts: ConnectionDoubts): Plan {
  const streams = streamFacts(contract, observation);
  const resetting = isResetUnfinished(streams);
  if (!resetting && streams.some(({ subscriptionMark }) => subscriptionMark !== null))
    return { ...planApply(contract, observation, doubts, true), mode: 'resume' };
  const { environment } = contract;
  const refusal = block({
    code: 'NOTHING_TO_RESUME',
    seen: resetting
      ? `a reset of environment ${environment} is not finished: its clone is given up`
      : `no stream of environment ${environment} has begun to follow`,
    why: 'resume lets streams go on that were held',
    next: `run sql-runner apply ${environment}`,
  });
  return finishPlan(contract, observation, refusal, { mode: 'resume', nextStep: () => null, beside: () => [] });
}
