import type { EnvironmentStatus, StreamStatus } from '../../../sql-runner/actions/status';
import type { WatchSample } from '../../../sql-runner/actions/watch';
import type { LagHistory } from '../../../sql-runner/model/lag-history';

/** One that streams, but for what the test is about. */
export const streamOf = (database: string, more: Partial<StreamStatus> = {}): StreamStatus => ({
  database,
  state: 'streaming',
  since: null,
  problems: [],
  evidence: [],
  consequence: null,
  next: null,
  tables: 3,
  slot: `acas_demo_${database}`,
  walStatus: 'reserved',
  slotRead: true,
  retainedBytes: 0,
  safeWalBytes: null,
  writtenLsn: '0/1',
  sentLsn: '0/1',
  receivedLsn: '0/1',
  confirmedLsn: '0/1',
  lagBytes: 0,
  lagSeconds: 0,
  provenUntil: null,
  budgetUsed: null,
  lastMessage: null,
  applyErrors: 0,
  ...more,
});

export function sampleOf(
  streams: StreamStatus[],
  histories = new Map<string, LagHistory>(),
  clone: EnvironmentStatus['clone'] = 'deployed',
): WatchSample {
  const at = new Date('2026-01-02T03:04:05Z');
  const places = {
    source: { accountId: '111111111111', endpoint: 'source.example.com:5432' },
    clone: { accountId: '222222222222', endpoint: 'clone.example.com:5432' },
  };
  const status = {
    environment: 'demo',
    at: at.toISOString(),
    places,
    ticket: 'issued',
    clone,
    seedLsn: '0/1',
    unread: null,
    streams,
    sequences: [],
    unlooked: [],
    beside: [],
  };
  const wholeAt = new Date('2026-01-02T03:03:55Z');
  return { at, wholeAt, status, histories, beats: new Map() };
}
