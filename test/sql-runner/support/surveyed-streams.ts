import type { StreamLook, StreamLooks } from '../../../sql-runner/model/survey';
import type { StreamsSeen } from '../../../sql-runner/model/survey';
import type { ApplyWorker } from '../../../sql-runner/postgres/catalog/apply-workers';
import type { SlotReader } from '../../../sql-runner/postgres/catalog/senders';
import type { SourceContract } from '../../../contract/contract';

export const workerAtWork = (subscription: string, database: string, slot = subscription): ApplyWorker => ({
  database,
  subscription,
  enabled: true,
  slot,
  pid: 99,
  startedAt: '2026-01-02T03:00:00.000000Z',
  receivedLsn: '0/5',
  silentSeconds: 0.5,
  lastMessage: '2026-01-02T03:04:05.000000Z',
  waitEvent: 'LogicalApplyMain',
  applyErrors: 0,
  conflicts: {},
  waitsForRelation: null,
  holders: [],
});

export const readerAtWork = (slot: string): SlotReader => ({
  slot,
  active: true,
  confirmedLsn: '0/30000000',
  restartLsn: '0/2F000000',
  walStatus: 'reserved',
  safeWalSize: null,
  pid: 4711,
  user: 'acas_demo',
  application: slot,
  tls: true,
  sentLsn: '0/30000000',
  replySeconds: 1,
  waitEvent: 'WalSenderWaitForWal',
  since: '2026-01-02T03:00:00.000000Z',
  sinceSeconds: 60,
  serverSince: '2026-01-01T00:00:00.000Z',
  unreadSeconds: null,
  counted: null,
});

/** Every stream has confirmed all that the source had written: one look is proof enough. */
export function streamsAtWork(contract: SourceContract): StreamsSeen {
  const looks = contract.links.flatMap(({ database, streams }) =>
    streams.map(({ slot, subscription }): [string, StreamLooks] => {
      const first: StreamLook = {
        flushLsn: '0/30000000',
        reader: readerAtWork(slot),
        worker: workerAtWork(subscription, database, slot),
      };
      return [subscription, { first, last: first, seconds: 0, waitsFor: null }];
    }),
  );
  const timeouts = { receiverMs: 60_000, statusMs: 10_000, retryMs: 0 };
  return { database: 'shop', timeouts, looks: Object.fromEntries(looks), passwordWorks: true };
}
