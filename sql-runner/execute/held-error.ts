import type { Code } from '../../errors/codes';
import { OperatorError } from '../../errors/operator-error';
import type { ServerError } from '../postgres/text/server-said';
import type { Plan, PlanMode } from '../model/plan';

/** dependent_objects_still_exist, of objects and roles alike, and insufficient_privilege. */
const REFUSED = new Set(['2BP01', '42501']);
const HELD = new Set<Code>([
  'DROP_NOT_ALLOWED',
  'HEARTBEAT_NOT_DROPPABLE',
  'ROLE_NOT_DROPPABLE',
  'REPLICATION_NOT_ALLOWED',
]);

/**
 * The server tells in a DETAIL what keeps something from being dropped, and of other databases only how much. It is
 * said here as the plan says it, with the statements, and for all that is still to come.
 */
export async function namingHeld(cause: unknown, mode: PlanMode, planNow: () => Promise<Plan>): Promise<unknown> {
  if (mode !== 'teardown' || !(cause instanceof OperatorError)) return cause;
  if (!REFUSED.has((cause.cause as ServerError | undefined)?.code ?? '')) return cause;
  // Only to say more: what was refused is the error, whatever comes of this.
  const { findings } = await planNow().catch(() => ({ findings: [] as Plan['findings'] }));
  const held = findings.filter(({ code }) => HELD.has(code));
  const [first] = held;
  if (first === undefined) return cause;
  return new OperatorError({
    code: first.code,
    seen: [cause.seen, ...held.map(({ seen }) => seen)].join('\n  and '),
    why: `${cause.why}; ${first.why}`,
    next: held.map(({ next }) => next).join('\n  and '),
    cause,
  });
}
