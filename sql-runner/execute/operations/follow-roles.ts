import { OperatorError } from '../../../errors/operator-error';
import type { FollowRoles, RoleStep } from '../../model/followed-roles';
import { observeRoles } from '../../observe/observe-roles';
import { serverSaid, type ServerError } from '../../postgres/text/server-said';
import { judgeRoles, stepsOf } from '../../resources/roles/follow-roles';
import type { Execution } from '../execution';

/**
 * Each step in a transaction of its own, and only where both sides are as they were when it was planned: what the source has
 * taken back meanwhile is not given any more. One that is done by now, as by a run that died, is not done again.
 */
export async function followRoles({ place, steps }: FollowRoles, execution: Execution): Promise<void> {
  const session = await execution.writer(place);
  const failed: string[] = [];
  for (const { about, statements } of await stillWanted(steps, place.database, execution)) {
    try {
      await session.transaction(async () => {
        // Planned of names that are quoted, and of catalogs' own words.
        // eslint-disable-next-line local/safe-sql
        for (const statement of statements) await session.query(statement);
      });
    } catch (cause) {
      if (cause instanceof OperatorError || typeof (cause as { code?: unknown }).code !== 'string') throw cause;
      failed.push(`${about}: ${serverSaid(cause as ServerError)}`);
    }
  }
  // A GRANT of somebody who may not is answered with a warning only (restrict_and_check_grant in aclchk.c).
  const left = failed.length > 0 ? [] : await stillWanted(steps, place.database, execution);
  const told = [...failed, ...left.map(({ about }) => `${about}: the server has taken the statements, to no effect`)];
  if (told.length === 0) return;
  throw new OperatorError({
    code: 'ROLES_NOT_CARRIED_OUT',
    seen: `on the clone these could not be done: ${told.join('; ')}`,
    why: 'there the clone has other roles or rights than the source; all else was done',
    next: 'remove the cause and run the same command again',
  });
}

async function stillWanted(
  steps: readonly RoleStep[],
  database: string,
  { connections }: Execution,
): Promise<RoleStep[]> {
  const observed = await observeRoles(connections.reading(), [database]);
  const now = new Set(stepsOf(judgeRoles(connections.contracts.source, observed), database).map(textOf));
  return steps.filter((step) => now.has(textOf(step)));
}

const textOf = ({ about, statements }: RoleStep): string => JSON.stringify([about, statements]);
