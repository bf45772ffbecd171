import type { LiveView } from '../actions/live';
import { isHealthy } from '../model/health';
import type { OwnMetric } from '../model/own-metric';

/**
 * What alarms of CloudWatch can watch of the view. `HeartbeatAge` is of the stream whose newest proven beat is the oldest.
 * It is there only where that is known of every stream: the age of those that are known would say that all are so young,
 * and an alarm takes what is missing for the worst.
 * @returns none before anything was seen
 */
export function cloudwatchMetrics({ streams, sample }: LiveView, now: number): readonly OwnMetric[] {
  if (sample === null) return [];
  const seen = streams.map(({ slot }) => sample.status.streams.find((one) => one.slot === slot));
  const proven = seen.map((one) => Date.parse(one?.provenUntil ?? ''));
  const age = Math.max(...proven.map((at) => (now - at) / 1_000));
  const unhealthy = seen.filter((one) => one === undefined || !isHealthy(one)).length;
  return [
    // A clock that is behind must not make it negative.
    ...(Number.isFinite(age) ? [{ name: 'HeartbeatAge', value: Math.max(0, age), unit: 'Seconds' } as const] : []),
    { name: 'UnhealthyStreams', value: unhealthy, unit: 'Count' },
  ];
}
