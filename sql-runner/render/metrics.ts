import { Counter, Gauge, Registry } from 'prom-client';
import type { LiveView } from '../actions/live';
import { METRICS } from './metric-list';

/**
 * The view as Prometheus reads it. Each series of each stream that the environment names is there at all times: a value
 * that is not known is NaN, so that an alert on it does not fall silent with what it is about.
 * @returns text of the exposition format 0.0.4
 */
export async function metricsText(view: LiveView): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ environment: view.environment });
  for (const { name, help, type, labels, values } of METRICS) {
    const options = { name, help, labelNames: labels, registers: [registry] };
    const metric = type === 'counter' ? new Counter(options) : new Gauge(options);
    for (const [labelled, value] of values(view)) metric.inc(labelled, value);
  }
  return registry.metrics();
}
