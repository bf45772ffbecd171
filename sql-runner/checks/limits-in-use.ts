import type { SourceContract } from '../../contract/contract';
import type { Change, Finding } from '../model/change';
import { groupInEffect } from '../resources/attached-group';
import type { Found, SourceCheck } from './check';
import { withoutSlot } from '../model/streams';
import type { SourceSurvey } from '../model/survey';

/** What is counted of the source. */
export type InUse = Pick<SourceSurvey, 'server' | 'prepared' | 'slots' | 'origins'>;

interface Limit {
  readonly name: string;
  /** What the source allows now. */
  readonly now: number;
  /** What the groups of the environment allow: that of the source, and that of the clone, which is made from it. */
  readonly planned: number;
  readonly used: number;
  /** The same in words. */
  readonly found: string;
  /** There may be more of them by the time that the clone is taken. */
  readonly varies: boolean;
}

/**
 * A server does not start when its files hold more than its settings allow:
 * "maximum number of prepared transactions reached" (GetFreeGXact of
 * twophase.c, in recovery), "too many replication slots active before shutdown"
 * (RestoreSlotFromDisk of slot.c), "could not find free replication state" for
 * origins, which take from the same setting up to 17 (origin.c). The clone
 * starts from a copy of these files, and production after a restart with our
 * group, so both need what is in use on the source.
 */
const inUse: SourceCheck = {
  code: 'LIMIT_BELOW_USE',
  stops: ['ticket', 'reboot'],
  holds: 'the groups of the environment allow what is in use on the source, without which no copy of it starts',
  side: 'source',
  run: (source, { contract, connected }) => {
    const starts = !connected || !groupInEffect(contract, source);
    const slots = withoutSlot(contract, source).length;
    return limitsBelow(contract, source, slots).map((limit) => finding(contract, limit, starts));
  },
};

/** What stops a plan after which a clone is taken, or production restarts, whatever the clone is now. */
export function limitsExceeded(contract: SourceContract, source: InUse, changes: readonly Change[]): Finding[] {
  const count = (wanted: string) => changes.filter(({ operation: { kind } }) => kind === wanted).length;
  if (count('issue-ticket') + count('reboot-writer') === 0) return [];
  return limitsBelow(contract, source, count('create-slot') - count('drop-slot'))
    .map((limit) => ({ code: inUse.code, ...finding(contract, limit, true) }))
    .filter(({ severity }) => severity === 'block');
}

/** @param more slots that are still to be made */
function limitsBelow({ parameterGroup: { parameters } }: SourceContract, source: InUse, more: number): Limit[] {
  const { server, prepared, origins } = source;
  const slots = source.slots.filter(({ temporary }) => !temporary).length + more;
  const ofSlots = server.maxActiveReplicationOrigins === null ? Math.max(slots, origins.length) : slots;
  const limits: Limit[] = [
    {
      name: 'max_prepared_transactions',
      now: server.maxPreparedTransactions,
      // The default of Aurora PostgreSQL.
      planned: Number(parameters['max_prepared_transactions'] ?? 0),
      used: prepared.length,
      found: `${prepared.length} prepared now`,
      varies: true,
    },
    {
      name: 'max_replication_slots',
      now: server.maxReplicationSlots,
      planned: Number(parameters['max_replication_slots'] ?? server.maxReplicationSlots),
      used: ofSlots,
      found: `${ofSlots} slots or origins with ours`,
      varies: false,
    },
  ];
  return limits.filter(({ now, planned, used, varies }) => planned < now && (varies || used > planned));
}

function finding({ stacks }: SourceContract, { name, now, planned, used, found }: Limit, starts: boolean): Found {
  return {
    severity: starts && used > planned ? 'block' : 'warn',
    seen: `${name} is ${planned} in the parameter groups of the environment; the source allows ${now}, and has ${found}`,
    why: 'a server that finds more than it allows does not start: neither a clone, nor production after a restart with such a group',
    next: `set ${name} to ${now} in source.cluster.extraParameters of the environment file, which gives it to both groups, then cdktf deploy ${stacks.source}`,
  };
}

export const limitsInUseChecks = [inUse];
