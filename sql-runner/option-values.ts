import { InvalidArgumentError } from 'commander';
import { wrongOtlpEndpoint } from './commands/otlp-address';
import { wrongWebhook } from './commands/webhook-address';
import { lagLimit, type LagLimit } from './commands/lag-limit';

/** What options take, read before anything else is: a slip of the pen is told at once. */

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

export function lag(value: string): LagLimit {
  const limit = lagLimit(value);
  if (limit !== null) return limit;
  throw new InvalidArgumentError('a size or a time with its unit is needed, as in 100MB, 2GiB, 90s or 5min.');
}

/** Each is a connection to production, and reads there. */
export function tablesAtOnce(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 16) return number;
  throw new InvalidArgumentError('a whole number from 1 to 16 is needed.');
}

/** Shorter than a second nothing is read at all, not even what every session asks first. */
export function limit(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number) && (number === 0 || number >= 1)) return number;
  throw new InvalidArgumentError('0, or a number from 1 on, is needed.');
}

/** More often, it would be looking that production pays for. */
export function interval(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= 1 && number <= 3_600) return number;
  throw new InvalidArgumentError('a number from 1 to 3600 is needed.');
}

/** A plan reads all catalogs of production; more often than once a minute is too often. */
export function minutes(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 1_440) return number;
  throw new InvalidArgumentError('0, or a whole number from 1 to 1440, is needed.');
}

export function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError('a whole number from 0 to 65535 is needed.');
}

export function seconds(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError('a number, zero or more, is needed.');
}

export function webhookAddress(value: string): string {
  const wrong = wrongWebhook(value);
  if (wrong === null) return value;
  throw new InvalidArgumentError(`it ${wrong}.`);
}

export function otlpEndpoint(value: string): string {
  const wrong = wrongOtlpEndpoint(value);
  if (wrong === null) return value;
  throw new InvalidArgumentError(`it ${wrong}.`);
}

export function topicArn(value: string): string {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(value)) return value;
  throw new InvalidArgumentError('the ARN of a topic of SNS is needed.');
}

export function runs(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 1_000) return number;
  throw new InvalidArgumentError('a whole number from 1 to 1000 is needed.');
}
