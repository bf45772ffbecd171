import type { Contracts } from '../../contract/contract';
import { exitOfError } from '../../errors/exit-of-error';
import type { Open } from '../connections/open';
import type { RunTrail } from '../execute/run-trail';
import { explain } from '../explain/explain';
import { streamsOf } from '../model/streams';
import { comparisonOf, outcomeOf } from './comparison-of';
import { exitOfVerification } from './exit-of-verification';
import { verifyEnvironment, type Verification, type VerifyRequest } from './verify';

/**
 * Compares, tells what was found, and keeps how it ended.
 * @param trail null: it is kept nowhere
 * @returns the exit code
 */
export async function keepingVerification(
  open: Open,
  contracts: Contracts,
  request: Omit<VerifyRequest, 'trail'>,
  trail: RunTrail | null,
  tell: (found: Verification) => void,
): Promise<number> {
  if (trail === null) return exitOfVerification(await told(verifyEnvironment(open, contracts, request), tell));
  let begun = false;
  const onEvent: VerifyRequest['onEvent'] = (database, event) => {
    begun = true;
    request.onEvent?.(database, event);
  };
  try {
    const found = await told(verifyEnvironment(open, contracts, { ...request, onEvent, trail }), tell);
    const exitCode = exitOfVerification(found);
    const comparison = comparisonOf(found, comparedOf(contracts, request), request.databases.length === 0);
    await trail.ended({ outcome: outcomeOf(found), code: null, exitCode, comparison });
    return exitCode;
  } catch (cause) {
    const error = explain(cause);
    await trail.ended({ outcome: begun ? 'failed' : 'refused', code: error.code, exitCode: exitOfError(error) });
    throw cause;
  }
}

async function told(found: Promise<Verification>, tell: (found: Verification) => void): Promise<Verification> {
  tell(await found);
  return found;
}

/** Those of the environment that were asked for. */
function comparedOf({ source }: Contracts, { databases }: Pick<VerifyRequest, 'databases'>): string[] {
  const all = [...new Set(streamsOf(source).map(({ database }) => database))];
  return databases.length === 0 ? all : all.filter((database) => databases.includes(database));
}
