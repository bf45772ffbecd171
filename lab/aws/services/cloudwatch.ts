import { AwsError } from '../aws-error';
import type { Scope } from '../operation';

type Operation = (scope: Scope, input: Record<string, unknown>) => unknown;

export const cloudwatchOperations: Readonly<Record<string, Operation>> = { PutMetricData: putMetricData };

/** Of each metric the newest point is kept; what CloudWatch refuses of one is refused (API reference, PutMetricData). */
function putMetricData({ account }: Scope, input: Record<string, unknown>): unknown {
  const namespace = String(input.Namespace ?? '');
  if (namespace === '' || namespace.startsWith('AWS/'))
    throw new AwsError('InvalidParameterValue', `The value ${namespace} for parameter Namespace is invalid.`);
  const data = Array.isArray(input.MetricData) ? (input.MetricData as Datum[]) : [];
  if (data.length === 0) throw new AwsError('MissingParameter', 'The parameter MetricData is required.');
  for (const { MetricName, Dimensions = [], Value, Unit, Timestamp } of data) {
    if (typeof Value !== 'number' || !Number.isFinite(Value))
      throw new AwsError('InvalidParameterValue', `The value ${String(Value)} for parameter Value is invalid.`);
    const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value: value }) => [Name, value]));
    account.metrics ??= {};
    account.metrics[`${namespace} ${MetricName}`] = {
      dimensions,
      value: Value,
      unit: Unit ?? 'None',
      at: Timestamp ?? 0,
    };
  }
  return {};
}

interface Datum {
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Value?: unknown;
  readonly Unit?: string;
  /** Seconds since 1970. */
  readonly Timestamp?: number;
}
