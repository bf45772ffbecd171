import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import type { SourceCheck, TargetCheck } from './check';
import { ofOwnRole } from './own-role';
import { streamsOf } from '../model/streams';

export const SENDER_SETTINGS: readonly string[] = ['wal_sender_timeout'];

/** As a setting may be written: `0`, `0ms`, `0 s`. */
const isZero = (value: string): boolean => /^\s*0+\s*\D*$/.test(value);

/**
 * Without its timeout a walsender whose clone has gone without a word (network,
 * failover) holds the slot until TCP gives up, and no other worker gets it
 * (WalSndCheckTimeOut in walsender.c).
 */
const sender: SourceCheck = {
  code: 'SENDER_WAITS_FOREVER',
  holds: 'the source notices a clone that has gone without a word',
  side: 'source',
  run: (source, { contract }) => {
    const { role } = source;
    if (role === null) return [];
    return Object.entries(source.databases).flatMap(([database, { senderSettings }]) => {
      const setting = senderSettings.find(({ name }) => name === 'wal_sender_timeout');
      if (setting === undefined || !isZero(setting.value)) return [];
      const streams = streamsOf(contract).filter((of) => of.database === database);
      const slots = streams.map(({ stream }) => quoteLiteral(stream.slot)).join(', ');
      return [
        {
          severity: 'warn' as const,
          seen: `wal_sender_timeout is 0 on the source for role ${role.name} in database ${database}`,
          why: 'after a failure of the network the source keeps the slot for a clone that has gone, and the clone cannot connect to it again',
          // Only a new walsender starts with the new value.
          next: `in database ${database} on the source: ALTER ROLE ${quoteIdent(role.name)} IN DATABASE ${quoteIdent(database)} SET wal_sender_timeout = '1min'; SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name IN (${slots}) AND active_pid IS NOT NULL;`,
        },
      ];
    });
  },
};

/** The same from the other end (LogicalRepApplyLoop in worker.c). */
const receiver: TargetCheck = {
  code: 'RECEIVER_WAITS_FOREVER',
  holds: 'the clone notices a source that has gone without a word',
  side: 'target',
  run: ({ server }) => {
    if (server.walReceiverTimeoutMs !== 0) return [];
    return [
      {
        severity: 'warn',
        seen: 'wal_receiver_timeout of the clone is 0',
        why: 'after a failure of the network or a failover of the source an apply worker waits for ever for a server that has gone, and the slot keeps WAL',
        next: "set wal_receiver_timeout to 60000 in the clone's parameter group; it needs no restart",
      },
    ];
  },
};

export const peerTimeoutChecks = [ofOwnRole(sender), receiver];
