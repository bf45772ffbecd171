import { quoteIdent } from '../postgres/text/quoting';
import { groupInEffect } from '../resources/attached-group';
import type { SourceCheck } from './check';
import { mended } from './role-login';
import { ofOwnRole } from './own-role';
import { streamsOf, withoutSlot } from '../model/streams';

/**
 * Room on the publisher (PostgreSQL manual, "Logical Replication: Configuration
 * Settings", Publishers): a slot and a sender for each stream, and for each
 * table that is copied at the time.
 */
const senders: SourceCheck = {
  code: 'SOURCE_SENDERS_TOO_FEW',
  stops: ['slot', 'ticket', 'connect'],
  holds: 'the source has a WAL sender for every slot and replica',
  side: 'source',
  run: (source, { contract }) => {
    if (!groupInEffect(contract, source)) return [];
    const needed = source.slots.length + withoutSlot(contract, source).length + source.slotlessSenders;
    if (source.server.maxWalSenders >= needed) return [];
    return [
      {
        severity: 'block',
        seen: `max_wal_senders of the source is ${source.server.maxWalSenders}; its slots, replicas and our streams need ${needed}`,
        why: 'a slot without a sender is not read, and keeps WAL until the storage is full',
        next: `set max_wal_senders to ${needed} or more in source.cluster.extraParameters of the environment file, cdktf deploy ${contract.stacks.source}, then sql-runner apply ${contract.environment} --allow-reboot`,
      },
    ];
  },
};

const reserve: SourceCheck = {
  code: 'SOURCE_SLOTS_WITHOUT_RESERVE',
  holds: 'the source has spare slots for tables that are added',
  side: 'source',
  run: (source, { contract, target }) => {
    if (!groupInEffect(contract, source)) return [];
    const sync = target?.server.maxSyncWorkersPerSubscription ?? 2;
    const needed = source.slots.length + withoutSlot(contract, source).length + sync;
    if (source.server.maxReplicationSlots >= needed) return [];
    return [
      {
        severity: 'warn',
        seen: `max_replication_slots of the source is ${source.server.maxReplicationSlots}; with ${sync} for the copy of added tables ${needed} are needed`,
        why: 'the copy of a table that is added to replication holds a slot of its own while it runs, and would fail',
        next: `set max_replication_slots to ${needed} or more in source.cluster.extraParameters of the environment file, cdktf deploy ${contract.stacks.source}, then sql-runner apply ${contract.environment} --allow-reboot`,
      },
    ];
  },
};

/** The contract's role may be limited; every stream is one connection of it. */
const connectionLimit: SourceCheck = {
  code: 'ROLE_CONNECTIONS_TOO_FEW',
  holds: 'the replication role may open a connection for every stream',
  side: 'source',
  run: ({ role }, scope) => {
    const streams = streamsOf(scope.contract).length;
    if (role === null || role.connectionLimit < 0 || role.connectionLimit >= streams) return [];
    return [
      {
        ...mended(scope),
        seen: `role ${role.name} may have ${role.connectionLimit} connections; ${streams} streams need one each`,
        why: 'the streams beyond that number could not connect, and their slots would keep WAL',
        next: `as apply does, on the source: ALTER ROLE ${quoteIdent(role.name)} CONNECTION LIMIT -1;`,
      },
    ];
  },
};

export const sourceSizingChecks = [senders, reserve, ofOwnRole(connectionLimit)];
