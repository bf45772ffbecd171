import { accessChecks } from './access';
import { applyObstacleChecks } from './apply-obstacles';
import { applySettingsChecks } from './apply-settings';
import { bothSidesChecks } from './both-sides';
import { cloneRefusesChecks } from './clone-refuses';
import { columnTypeChecks } from './column-types-differ';
import { columnChecks } from './columns-differ';
import { constraintChecks } from './constraints-differ';
import { definitionChecks } from './definitions-differ';
import { engineVersionChecks } from './engine-version';
import { inheritedChecks } from './inherited';
import { inheritedPublicationChecks } from './inherited-publications';
import { invalidIndexChecks } from './invalid-indexes';
import { keptSecretChecks } from './kept-secrets';
import { keyChecks } from './keys-differ';
import { leftOutChecks } from './left-out';
import { limitsInUseChecks } from './limits-in-use';
import { lockRoomChecks } from './lock-room';
import { loginPrivilegeChecks } from './login-privileges';
import { moneyFormChecks } from './money-forms';
import { ddlChecks } from './ddl-stands';
import { arrivingChecks } from './new-tables-arriving';
import { notSelectedChecks } from './not-selected';
import { notSubscribedChecks } from './not-subscribed';
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
import { streamConditionChecks } from './stream-findings';
import { subscriptionOptionsChecks } from './subscription-options';
import { tableContentsChecks } from './table-contents';
import { productionKeyChecks } from './production-key';
import { productionNetworkChecks } from './production-network';
import { productionUnseenChecks } from './production-unseen';
import { renamedTableChecks } from './tables-renamed';
import { targetSizingChecks } from './target-sizing';
import { unloggedSinceChecks } from './unlogged-since';
import { userTypeChecks } from './user-types-differ';
import { wraparoundChecks } from './wraparound';
import type { Check } from './check';
import { subscribedTwice } from './subscribed-twice';

/** Every preflight check, in the order in which doctor lists them. */
export const allChecks = (): readonly Check[] => [
  ...parameterStateChecks,
  ...productionNetworkChecks,
  ...productionKeyChecks,
  ...productionUnseenChecks,
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
  ...arrivingChecks,
  ...ddlChecks,
  subscribedTwice,
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
