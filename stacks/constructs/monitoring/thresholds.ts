import { parseSize } from '../../../contract/size';
import type { Side } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';

type Monitoring = NonNullable<Environment['monitoring']>;

/** One metric of the writer of a cluster, or of sql-runner, and where an alarm is raised. */
export interface Threshold {
  /** Part of the alarm's name. */
  readonly name: string;
  readonly metric: string;
  readonly statistic: 'Average' | 'Maximum' | 'Minimum';
  readonly above?: number;
  readonly below?: number;
  /** Minutes in a row. */
  readonly minutes: number;
  readonly unit: 'bytes' | 'percent' | 'ids' | 'seconds';
  /** What it means, and where to read on. */
  readonly says: string;
  /** Not of RDS: sql-runner publishes it, and silence is as bad as a high value. */
  readonly own?: true;
}

const DEFAULT_KEPT = '50GB';
/** Of the budget, as where serve says that it is nearly used up: at all of it the slot may be dropped. */
const OF_BUDGET = 0.8;

function keptWal(environment: Environment, monitoring: Monitoring): number {
  const budget = environment.budget?.bytes;
  if (monitoring.keptWal !== undefined || budget === undefined) return parseSize(monitoring.keptWal ?? DEFAULT_KEPT)!;
  return Math.floor(parseSize(budget)! * OF_BUDGET);
}

/**
 * What is watched of a side. Names of metrics: Aurora user guide, "Instance-level metrics for Amazon Aurora". That of the
 * oldest slot is one of RDS; where Aurora does not report it, its alarm says INSUFFICIENT_DATA.
 */
export function thresholdsOf(environment: Environment, monitoring: Monitoring, side: Side): readonly Threshold[] {
  const kept = keptWal(environment, monitoring);
  const slots: Threshold[] = [
    ['slot-disk', 'ReplicationSlotDiskUsage', 'the disk that its replication slots take'],
    ['wal-disk', 'TransactionLogsDiskUsage', 'the WAL that it keeps'],
    ['slot-lag', 'OldestReplicationSlotLag', 'the WAL that its slot furthest behind has not confirmed'],
  ].map(([name, metric, what]) => ({
    name: name!,
    metric: metric!,
    statistic: 'Maximum',
    above: kept,
    // It grows until somebody acts, and a budget that releases waits for nobody.
    minutes: 5,
    unit: 'bytes',
    says: `Production: ${what} grows. sql-runner status ${environment.name} tells which stream it is, and what ends it.`,
  }));
  return [
    ...(side === 'source' ? slots : []),
    ...ofServer(monitoring),
    ...(side === 'target' ? ofClone(environment, monitoring) : []),
  ];
}

const ofServer = (monitoring: Monitoring): readonly Threshold[] => [
  {
    name: 'transaction-ids',
    metric: 'MaximumUsedTransactionIDs',
    statistic: 'Maximum',
    above: monitoring.transactionIds,
    minutes: 15,
    unit: 'ids',
    says: 'Old transaction ids are not frozen any more; near 2 billion the server stops taking writes. A slot that nobody reads keeps them.',
  },
  {
    name: 'cpu',
    metric: 'CPUUtilization',
    statistic: 'Average',
    above: monitoring.cpuPercent,
    minutes: 15,
    unit: 'percent',
    says: 'The writer has little CPU left: decoding and applying compete with everybody else.',
  },
  {
    name: 'memory',
    metric: 'FreeableMemory',
    statistic: 'Minimum',
    below: parseSize(monitoring.freeMemory)!,
    minutes: 15,
    unit: 'bytes',
    says: 'The writer has little memory left: RDS restarts one that has none.',
  },
];

const ofClone = ({ name }: Environment, { heartbeatSeconds }: Monitoring): readonly Threshold[] =>
  heartbeatSeconds === undefined
    ? []
    : [
        {
          name: 'heartbeat',
          metric: 'HeartbeatAge',
          statistic: 'Maximum',
          above: heartbeatSeconds,
          minutes: 5,
          unit: 'seconds',
          own: true,
          says: `The newest beat on the clone is old, or sql-runner serve ${name} --cloudwatch does not run any more. sql-runner status ${name} tells which.`,
        },
      ];
