import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import { ownMark } from '../model/mark';
import { acknowledge } from './acknowledge';
import { allChecks } from './all-checks';
import { stamped, type Check, type Found, type TargetCheck } from './check';
import { streamsOf } from '../model/streams';
import type { Survey, Scope } from '../model/survey';

export interface CheckOutcome {
  readonly check: Check;
  /** Null: its side was not read. */
  readonly findings: readonly Finding[] | null;
}

export function runChecks(contract: SourceContract, survey: Survey): CheckOutcome[] {
  const scope: Scope = { contract, connected: isConnected(contract, survey), ...survey };
  const checks = allChecks().filter((check) => isConcerned(check, survey));
  return checks.map((check) => {
    const findings = findingsOf(check, scope);
    return { check, findings: findings === null ? null : acknowledge(contract, findings) };
  });
}

const isConcerned = (check: Check, { surroundings }: Survey): boolean =>
  check.side !== 'production' || surroundings == null || (check.concerns?.(surroundings) ?? true);

/** Null: what it looks at was not read. */
function findingsOf(check: Check, scope: Scope): Finding[] | null {
  return foundBy(check, scope)?.map((found) => stamped(check, found)) ?? null;
}

function foundBy(check: Check, scope: Scope): Found[] | null {
  switch (check.side) {
    case 'source':
      return scope.source === null ? null : check.run(scope.source, scope);
    case 'target':
      return scope.target === null || !isComparable(check, scope) ? null : check.run(scope.target, scope);
    case 'production':
      return scope.surroundings == null ? null : check.run(scope.surroundings, scope);
    case 'streams':
      return scope.streams == null ? null : check.run(scope.streams, scope);
  }
}

function isComparable({ both }: TargetCheck, { source, shapes }: Scope): boolean {
  if (both === undefined) return true;
  return source !== null && (both === true || shapes !== undefined);
}

export function isConnected(contract: SourceContract, { target }: Survey): boolean {
  return streamsOf(contract).some((of) =>
    target?.databases[of.database]?.subscriptionOptions.some(
      ({ name, comment }) =>
        name === of.stream.subscription || ownMark(comment, 'subscription', contract.environment) !== null,
    ),
  );
}
