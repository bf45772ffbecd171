import type { SourceContract } from '../../contract/contract';
import { lagOf } from '../checks/stream-words';
import { budgetUsed, overBudget } from '../checks/wal-budget';
import type { StreamOf } from '../model/streams';
import type { StreamLook } from '../model/survey';
import type { StreamStatus } from './status';

const OVER = 'WAL_BUDGET_EXCEEDED';

/**
 * What of its budget a stream uses, after a look at nothing but positions: whoever alerts on that must hear of it before
 * the slot is dropped, which goes by the same number.
 */
export function movedBudget(
  contract: SourceContract,
  { problems: before, next, lagSeconds: since }: StreamStatus,
  look: StreamLook,
  { database }: StreamOf,
): Pick<StreamStatus, 'problems' | 'next' | 'budgetUsed'> {
  const unconfirmedBytes = lagOf(look);
  // Which beats have arrived only a whole look tells; where all is confirmed, they all have.
  const lagSeconds = unconfirmedBytes === 0 ? 0 : since;
  const cost = { unconfirmedBytes, unreadSeconds: look.reader?.unreadSeconds ?? null, lagSeconds };
  const over = overBudget(contract, `the stream of database ${database}`, cost);
  const was = before.find(({ code }) => code === OVER);
  return {
    problems: [...before.filter((one) => one !== was), ...over],
    next: next === (was?.next ?? null) ? (over[0]?.next ?? null) : next,
    budgetUsed: budgetUsed(contract.budget, cost),
  };
}
