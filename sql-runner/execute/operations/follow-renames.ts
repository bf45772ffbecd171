import { OperatorError } from '../../../errors/operator-error';
import type { Operation } from '../../model/change';
import { currentFlushLsn } from '../../postgres/catalog/server';
import type { Execution } from '../execution';
import { haveArrived, sendBeats } from '../heartbeat';
import { SyncTrouble } from '../sync-trouble';
import { waitFor } from '../wait';
import { NextNames } from './next-names';
import { giveNames } from './give-names';
import { demandedOf, leftToDo, refuseMoved, type Demand } from './renames-left';
import { confirmedBy } from './confirmed-by';

type Following = Extract<Operation, { kind: 'follow-renames' }>;

const LONGEST_MS = 600_000;

/**
 * Gives tables and columns of the clone the names of the source's. The worker finds them by the names that they had where
 * a change was decoded. So a name is given at two moments only: when the transaction that comes next has changes under
 * the new one, by a look into the slot while nobody reads it; or when all is applied that the source had written after it
 * was seen to have the new name. At any other moment changes under the old one may be on their way.
 *
 * Each is one transaction, and a run that dies is carried on by the next plan, which has what is left.
 */
export async function followRenames(operation: Following, execution: Execution): Promise<void> {
  const { of } = operation;
  const { connections, patience } = execution;
  await refuseMoved(operation, execution);
  if ((await leftToDo(operation, execution)).length === 0) return;
  // After the source was seen to have the names: what is older than these is under the old ones, and what comes is not.
  const beats = await sendBeats(execution, [of]);
  const goal = await connections.use(of.publisher, currentFlushLsn);
  const trouble = new SyncTrouble(connections, [of], execution.listener);
  execution.listener({ type: 'waiting', for: `the stream of database ${of.database} to come to what was renamed` });
  const next = new NextNames(of, execution);
  const look = async (): Promise<'done' | null> => {
    const left = await leftToDo(operation, execution);
    if (left.length === 0) return 'done';
    const isPast = (await confirmedBy(of, execution, goal)) && (await haveArrived(connections, beats));
    const demands = isPast
      ? left.map((table): Demand => ({ table, to: table.there, columns: table.columns }))
      : await demandedOf(operation, execution, left, await next.look());
    for (const demand of demands) await giveNames(operation, execution, demand);
    if (demands.length > 0) {
      trouble.moved();
      return isPast ? 'done' : null;
    }
    const dead = trouble.dead();
    if (dead !== null) throw standsElsewhere(operation, dead.join('; '));
    trouble.lookAgain();
    return null;
  };
  // 0: the run is not to wait until all is in sync in the end; what depends on this waits for it all the same.
  const limit = patience === undefined || patience.timeoutMs === 0 ? LONGEST_MS : patience.timeoutMs;
  try {
    const done = await waitFor(look, limit, undefined, () => patience?.interrupted() ?? execution.interrupted());
    if (done === null) throw standsElsewhere(operation, `it took longer than ${Math.round(limit / 1_000)} s`);
  } finally {
    await next.close();
  }
}

function standsElsewhere({ of, environment }: Following, said: string): OperatorError {
  return new OperatorError({
    code: 'RENAME_NOT_FOLLOWED',
    seen: `the stream of database ${of.database} came neither to what was renamed on the source nor past it: ${said}`,
    why: 'changes under the old name may be on their way, and would find no table; nothing more was renamed',
    next: `sql-runner doctor ${environment} says what keeps the stream; then run the same command again`,
  });
}
