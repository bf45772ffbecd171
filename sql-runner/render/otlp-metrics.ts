import { version } from '../../package.json';
import type { LiveView } from '../actions/live';
import { METRICS } from './metric-list';

/** AGGREGATION_TEMPORALITY_CUMULATIVE of opentelemetry/proto/metrics/v1/metrics.proto. */
const CUMULATIVE = 2;

const attributes = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } }));

/** In JSON a 64-bit number is a string, as numbers there are not that long. */
const nanoseconds = (ms: number): string => `${BigInt(ms) * 1_000_000n}`;

/**
 * The view as an ExportMetricsServiceRequest of OTLP in its JSON encoding. A value that is not known is no point of it:
 * JSON has no NaN, and a receiver would keep the one before.
 * @param startedAt milliseconds: when the counter began at 0
 */
export function otlpMetrics(view: LiveView, now: number, startedAt: number): object {
  const timeUnixNano = nanoseconds(now);
  const metrics = METRICS.flatMap<object>(({ name, help, type, values }) => {
    const points = values(view)
      .filter(([, value]) => Number.isFinite(value))
      .map(([labels, asDouble]) => ({ attributes: attributes(labels), timeUnixNano, asDouble }));
    if (points.length === 0) return [];
    const about = { name, description: help };
    if (type === 'gauge') return [{ ...about, gauge: { dataPoints: points } }];
    const startTimeUnixNano = nanoseconds(startedAt);
    const dataPoints = points.map((point) => ({ ...point, startTimeUnixNano }));
    return [{ ...about, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } }];
  });
  const resource = {
    'service.name': 'sql-runner',
    'service.version': version,
    'acas.environment': view.environment,
  };
  const scope = { name: 'sql-runner', version };
  return {
    resourceMetrics: [{ resource: { attributes: attributes(resource) }, scopeMetrics: [{ scope, metrics }] }],
  };
}
