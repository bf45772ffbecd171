import { OperatorError } from '../../errors/operator-error';
import { execute } from '../execute/execute';
import { GaveUp, type Execution } from '../execute/execution';
import { lockEnvironment } from '../execute/lock-environment';
import { ConnectError } from '../postgres/connect-errors';
import type { Place } from '../model/address';
import type { Change } from '../model/change';
import type { Plan } from '../model/plan';
import { changesApart } from '../plan/changes-apart';
import { freeSlots } from '../plan/free-slots';
import { readAndPlan } from './read-and-plan';
import type { RunOptions } from './run';

/**
 * Carries out the changes of a plan, one after the other.
 * The ids of those that were made are added to `made`.
 * @returns whether all of them were made; otherwise the operator has asked to stop
 */
export async function executeAll(
  plan: Plan,
  lock: Place,
  execution: Execution,
  options: Pick<RunOptions, 'mode' | 'lockTimeoutMs'> & { readonly made?: Set<string> },
): Promise<boolean> {
  const { changes } = plan;
  const total = changes.length;
  const stopped = (index: number): false => {
    execution.listener({ type: 'interrupted', remaining: total - index, made: index, next: changes[index]!.id });
    return false;
  };
  const unequal: OperatorError[] = [];
  for (const [index, change] of changes.entries()) {
    if (execution.interrupted()) return stopped(index);
    const carryOut = (one: Change) => executeOne(one, { index: changes.indexOf(one), total }, lock, execution);
    try {
      await carryOut(change);
      options.made?.add(change.id);
    } catch (cause) {
      if (cause instanceof GaveUp) return stopped(index);
      if (isOfRows(change, cause)) {
        unequal.push(cause);
        continue;
      }
      if (options.mode === 'teardown') await freeSlots(change, changes.slice(index + 1), carryOut);
      throw inTheMiddle(cause, change, index, total);
    }
    if (change.operation.kind === 'reboot-writer') await refuseOvertaken(changes.slice(index + 1), execution, options);
  }
  refuseUnequal(unequal);
  tellApplied(plan, execution);
  return true;
}

/**
 * The rows of one stream say nothing of another one, whose own are compared all the same; nor does a sequence that could
 * not be set of those of another database, a view that could not be refreshed of other views, a right of other rights, or a
 * large object of others.
 */
const isOfRows = ({ operation }: Change, cause: unknown): cause is OperatorError =>
  ALONE.has(operation.kind) && cause instanceof OperatorError && !(cause instanceof ConnectError);

const ALONE: ReadonlySet<Change['operation']['kind']> = new Set([
  'prove-continuity',
  'move-sequences',
  'refresh-view',
  'follow-roles',
  'copy-large-objects',
]);

function refuseUnequal(found: readonly OperatorError[]): void {
  const [first, ...others] = found;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  throw new OperatorError({
    code: first.code,
    seen: [first.seen, ...others.map(({ code, seen }) => `${code}: ${seen}`)].join('\n  and '),
    why: first.why,
    next: [...new Set(found.map(({ next }) => next))].join('\n  and '),
    also: others.map(({ code }) => code),
  });
}

/** A server that ends under a run says nothing of how far that was. */
function inTheMiddle(cause: unknown, { id }: Change, made: number, total: number): unknown {
  if (!(cause instanceof ConnectError)) return cause;
  const { code, seen, why, next } = cause;
  const now = `${made} of ${total} changes are made and stay; ${id} was in hand, and may be made or not`;
  return new ConnectError(cause.side, { code, seen: `${seen}\n  ${now}`, why, next, cause });
}

function tellApplied({ changes, onlySource }: Plan, { listener }: Execution): void {
  const count = (...actions: Change['action'][]) => changes.filter((change) => actions.includes(change.action)).length;
  listener({
    type: 'applied',
    created: count('create'),
    updated: count('update', 'replace'),
    deleted: count('delete'),
    ...(onlySource ? { onlySource } : {}),
  });
}

async function executeOne(
  change: Change,
  { index, total }: Readonly<Record<'index' | 'total', number>>,
  lock: Place,
  execution: Execution,
): Promise<void> {
  const { listener } = execution;
  // A lost lock session means that somebody else may be at work by now.
  await (await execution.writer(lock)).query('SELECT 1');
  const started = Date.now();
  listener({ type: 'change-started', change, index, total });
  await execute(change, execution);
  listener({ type: 'change-finished', change, index, total, seconds: (Date.now() - started) / 1000 });
}

/** A restart ends the sessions that hold the lock: another run may have been at work before they were back. */
async function refuseOvertaken(
  remaining: readonly Change[],
  execution: Execution,
  { mode, lockTimeoutMs }: Pick<RunOptions, 'mode' | 'lockTimeoutMs'>,
): Promise<void> {
  await lockEnvironment(execution.connections, execution, lockTimeoutMs);
  const now = await readAndPlan(execution.connections, mode);
  const apart = changesApart(remaining, now.changes);
  if (apart === null) return;
  throw new OperatorError({
    code: 'RUN_OVERTAKEN',
    seen: `while the writer restarted, something changed in environment ${now.environment}; ${apart}`,
    why: 'the rest of the plan was made for what was there before; nothing of it was carried out',
    next: 'run the same command again',
  });
}
