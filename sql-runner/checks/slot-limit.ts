import type { ServerFacts } from '../postgres/catalog/server';
import type { ReplicationSlot } from '../postgres/catalog/slots';

const MEGABYTE = 1024 * 1024;

/** What limits the WAL that the source keeps for the slots, as a part of a sentence. */
export function limitOf(slots: readonly ReplicationSlot[], server: ServerFacts): string {
  const { idleSlotTimeout: idle } = server;
  const limit = sizeLimitOf(slots, server);
  if (idle === null || idle.startsWith('0')) return limit;
  return `${limit}; one that nobody reads for ${idle} is lost (idle_replication_slot_timeout)`;
}

/** Past the limit a slot is lost at the next checkpoint (InvalidateObsoleteReplicationSlots in slot.c). */
function sizeLimitOf(slots: readonly ReplicationSlot[], { maxSlotWalKeepSize: limit }: ServerFacts): string {
  if (limit < 0)
    return 'no setting limits that (max_slot_wal_keep_size is -1): it can grow until the storage of production is full';
  const left = Math.min(...slots.map(({ safeWalSize }) => safeWalSize ?? Infinity));
  if (left === Infinity) return `max_slot_wal_keep_size is ${limit} MB`;
  return left > 0
    ? `once ${Math.floor(left / MEGABYTE)} MB more are written a slot may be lost (max_slot_wal_keep_size is ${limit} MB)`
    : `a slot may be lost at the next checkpoint (max_slot_wal_keep_size is ${limit} MB)`;
}
