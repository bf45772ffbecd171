import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import { ownMark } from '../model/mark';
import { accessChecks } from './access';
import { acknowledge } from './acknowledge';
import { cloneRefusesChecks } from './clone-refuses';
import { applyObstacleChecks } from './apply-obstacles';
import { applySettingsChecks } from './apply-settings';
import { bothSidesChecks } from './both-sides';
import { stamped, type Check, type Found, type TargetCheck } from './check';
import { columnTypeChecks } from './column-types-differ';
import { columnChecks } from './columns-differ';
import { constraintChecks } from './constraints-differ';
import { definitionChecks } from './definitions-differ';
import { engineVersionChecks } from './engine-version';
import { inheritedChecks } from './inherited';
import { inheritedPublicationChecks } from './inherited-publications';
import { invalidIndexChecks } from './invalid-indexes';
import { keyChecks } from './keys-differ';
import { keptSecretChecks } from './kept-secrets';
import { leftOutChecks } from './left-out';
import { limitsInUseChecks } from './limits-in-use';
import { lockRoomChecks } from './lock-room';
import { loginPrivilegeChecks } from './login-privileges';
import { moneyFormChecks } from './money-forms';
import { notSubscribedChecks } from './not-subscribed';
import { notSelectedChecks } from './not-selected';
import { openTransactionChecks } from './open-transactions';
import { ownerRightsChecks } from './owner-rights';
import { parameterStateChecks } from './parameter-state';
import { partitionChecks } from './partitions-differ';
import { partitionOnCloneChecks } from './partitions-on-clone';
import { peerTimeoutChecks } from './peer-timeouts';
import { roleLoginChecks } from './role-login';
import { searchPathChecks } from './search-path';
import { slotGrowthChecks } from './slot-growth';
import { sourceSizingChecks } from './source-sizing';
import { streamsOf } from '../model/streams';
import { streamConditionChecks } from './stream-findings';
import { subscriptionOptionsChecks } from './subscription-options';
import type { Survey, Scope } from '../model/survey';
import { tableContentsChecks } from './table-contents';
import { renamedTableChecks } from './tables-renamed';
import { targetSizingChecks } from './target-sizing';
import { unloggedSinceChecks } from './unlogged-since';
import { userTypeChecks } from './user-types-differ';
import { wraparoundChecks } from './wraparound';

/** Every preflight check, in the order in which doctor lists them. */
export const CHECKS: readonly Check[] = [
  ...parameterStateChecks,
  ...engineVersionChecks,
  ...sourceSizingChecks,
  ...limitsInUseChecks,
  ...lockRoomChecks,
  ...tableContentsChecks,
  ...notSelectedChecks,
  ...loginPrivilegeChecks,
  ...accessChecks,
  ...roleLoginChecks,
  ...keptSecretChecks,
  ...openTransactionChecks,
  ...slotGrowthChecks,
  ...peerTimeoutChecks,
  ...targetSizingChecks,
  ...subscriptionOptionsChecks,
  ...bothSidesChecks,
  ...renamedTableChecks,
  ...partitionChecks,
  ...partitionOnCloneChecks,
  ...unloggedSinceChecks,
  ...userTypeChecks,
  ...columnChecks,
  ...columnTypeChecks,
  ...constraintChecks,
  ...keyChecks,
  ...definitionChecks,
  ...notSubscribedChecks,
  ...applyObstacleChecks,
  ...cloneRefusesChecks,
  ...ownerRightsChecks,
  ...searchPathChecks,
  ...applySettingsChecks,
  ...moneyFormChecks,
  ...inheritedChecks,
  ...inheritedPublicationChecks,
  ...invalidIndexChecks,
  ...wraparoundChecks,
  ...leftOutChecks,
  ...streamConditionChecks,
];

export interface CheckOutcome {
  readonly check: Check;
  /** Null: its side was not read. */
  readonly findings: readonly Finding[] | null;
}

export function runChecks(contract: SourceContract, survey: Survey): CheckOutcome[] {
  const scope: Scope = { contract, connected: isConnected(contract, survey), ...survey };
  return CHECKS.map((check) => {
    const findings = findingsOf(check, scope);
    return { check, findings: findings === null ? null : acknowledge(contract, findings) };
  });
}

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
    target?.databases[of.database]?.subscriptions.some(
      ({ name, comment }) =>
        name === of.stream.subscription || ownMark(comment, 'subscription', contract.environment) !== null,
    ),
  );
}
