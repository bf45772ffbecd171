import type { SourceContract } from '../../contract/contract';
import type { ServerFacts } from '../postgres/catalog/server';
import type { ClusterFacts } from '../aws/cluster';

/** What is known of the group that the source cluster uses, and of the server that runs with it. */
export interface AttachedGroup {
  readonly cluster: ClusterFacts;
  readonly server: Pick<ServerFacts, 'walLevel' | 'maxReplicationSlots' | 'maxWalSenders' | 'maxPreparedTransactions'>;
  /** What is set in it, name to value; may be absent where it is ours. */
  readonly groupParameters?: Readonly<Record<string, string>>;
  /** What runs of what our group sets, as it writes values; absent: not known. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A setting that the environment's group has and the attached one has not. */
export interface Lacking {
  readonly name: string;
  readonly wanted: string;
  /** What it sets instead; null: nothing. */
  readonly has: string | null;
}

const LOGICAL = 'rds.logical_replication';

/** Of these more is as good; what runs now is known. */
const ROOM: Readonly<Record<string, 'maxReplicationSlots' | 'maxWalSenders' | 'maxPreparedTransactions'>> = {
  max_replication_slots: 'maxReplicationSlots',
  max_wal_senders: 'maxWalSenders',
  max_prepared_transactions: 'maxPreparedTransactions',
};

/** The owner's Terraform attaches a group and sets it: neither is ever done by us, whatever it is called. */
export const isOwnersGroup = ({ production }: SourceContract): boolean => production?.manage.parameterGroup === 'owner';

/**
 * The attached group stays: it is this environment's, or another one that has
 * all that ours would set, now and after the next restart of the writer. That
 * can be production's own group, or the one of another environment on the same
 * cluster: a cluster has one group, and attaching ours in its place would
 * restart production for nothing, and have the two take turns.
 */
export function groupStays(contract: SourceContract, attached: AttachedGroup): boolean {
  return isOwnersGroup(contract) || isOurs(contract, attached) || lacking(contract, attached).length === 0;
}

/**
 * The writer has to restart before all that our group sets is in effect. That
 * the group is `pending-reboot` is not enough: RDS says so of every group that
 * was attached since, also where each of its values runs already, as after the
 * teardown of another environment on the cluster. And ours, attached in the place
 * of another one, changes nothing for a server that runs with all that it sets:
 * so it is after somebody has put the former one back.
 */
export function restartNeeded(contract: SourceContract, attached: AttachedGroup): boolean {
  if (attached.server.walLevel !== 'logical') return true;
  const takesEffect = isOwnersGroup(contract) ? notSet(contract, attached).length === 0 : isOurs(contract, attached);
  const pending = takesEffect && attached.cluster.parameterGroupStatus === 'pending-reboot';
  if (!pending && groupStays(contract, attached)) return false;
  const wanted = Object.entries(contract.parameterGroup.parameters);
  return wanted.some(([name, value]) => waits(attached, name, value));
}

/**
 * The sizes that run are those to be judged: no other ones come with a group that is still to be attached, or with a
 * restart. Of a group that RDS calls in-sync none do, also where WAL is not logical.
 */
export function groupInEffect(contract: SourceContract, attached: AttachedGroup): boolean {
  const settled = isOurs(contract, attached) && attached.cluster.parameterGroupStatus === 'in-sync';
  return settled || !restartNeeded(contract, attached);
}

const isOurs = (contract: SourceContract, { cluster }: AttachedGroup): boolean =>
  cluster.parameterGroup === contract.parameterGroup.name;

/** What is not known waits. Logical WAL has been looked at before. */
function waits({ server, settings }: AttachedGroup, name: string, wanted: string): boolean {
  if (name === LOGICAL) return false;
  const room = ROOM[name];
  return room === undefined ? settings?.[name] !== wanted : !(server[room] >= Number(wanted));
}

/** Set because of `extraParameters`, not for what replication needs. */
export function isCarriedOver(name: string): boolean {
  return name !== LOGICAL && !(name in ROOM);
}

/** What the attached group lacks of what ours sets, in the contract's order. */
export function lacking(contract: SourceContract, attached: AttachedGroup): Lacking[] {
  return Object.entries(contract.parameterGroup.parameters)
    .filter(([name, wanted]) => !has(attached, name, wanted))
    .map(([name, wanted]) => ({ name, wanted, has: attached.groupParameters?.[name] ?? null }));
}

/** What the attached group does not set, whether it is in effect yet or not. */
export function notSet(contract: SourceContract, attached: AttachedGroup): Lacking[] {
  const { server } = attached;
  const running = { ...server, walLevel: 'logical', ...plenty };
  const asIfRunning = (name: string) => (attached.groupParameters?.[name] === undefined ? server : running);
  return lacking(contract, attached).filter(
    ({ name, wanted }) => !has({ ...attached, server: asIfRunning(name) }, name, wanted),
  );
}

/** Of a value that the group sets itself it is the group that counts. */
const plenty = { maxReplicationSlots: Infinity, maxWalSenders: Infinity, maxPreparedTransactions: Infinity };

function has({ cluster, server, groupParameters }: AttachedGroup, name: string, wanted: string): boolean {
  const set = groupParameters?.[name];
  if (name === LOGICAL) return set === wanted && server.walLevel === 'logical';
  const room = ROOM[name];
  if (room === undefined) return set === wanted;
  // Where the group does not say, what runs is its default, unless a change of it still waits for a restart.
  const next = set === undefined && cluster.parameterGroupStatus === 'in-sync' ? server[room] : Number(set);
  return server[room] >= Number(wanted) && next >= Number(wanted);
}
