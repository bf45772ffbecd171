/** A value of a whole environment, as sql-runner publishes it. */
export interface OwnMetric {
  readonly name: 'HeartbeatAge' | 'UnhealthyStreams';
  readonly value: number;
  /** As CloudWatch calls it. */
  readonly unit: 'Seconds' | 'Count';
}
