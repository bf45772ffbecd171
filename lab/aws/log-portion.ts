import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AwsError } from './aws-error';

/** As RDS limits an answer [API reference, DownloadDBLogFilePortion]. */
const MOST_BYTES = 1024 * 1024;
const MOST_LINES = 10_000;

export interface LogPortion {
  readonly text: string;
  /** To be handed in for what comes after it. */
  readonly marker: string;
  readonly pending: boolean;
}

/**
 * Lines of a log as RDS hands them out: with a marker, those after it, `0` being the file's beginning; without one, the
 * last ones.
 */
export function logPortion(file: string, marker: string | null, lines = MOST_LINES): LogPortion {
  const log = openSync(file, 'r');
  try {
    const size = fstatSync(log).size;
    return marker === null ? lastOf(log, size, lines) : after(log, size, offsetOf(marker), lines);
  } finally {
    closeSync(log);
  }
}

const portion = (bytes: Buffer, end: number, size: number): LogPortion => ({
  // What XML cannot carry, RDS does not hand out either.
  text: bytes.toString().replace(/(?![\t\n])\p{Cc}/gu, ''),
  marker: `0:${end}`,
  pending: end < size,
});

/** The end of the file, from the beginning of a line on; what is more than the limit is cut off at its beginning. */
function lastOf(log: number, size: number, lines: number): LogPortion {
  const from = Math.max(0, size - MOST_BYTES);
  const bytes = bytesOf(log, from, size);
  let start = bytes.length - 1;
  for (let left = lines; left > 0 && start >= 0; left -= 1) start = start === 0 ? -1 : bytes.lastIndexOf(10, start - 1);
  // Of the line in which the limit lies there is only an end.
  const whole = start === -1 && from > 0 ? bytes.indexOf(10) : start;
  return portion(bytes.subarray(whole + 1), size, size);
}

function after(log: number, size: number, offset: number, lines: number): LogPortion {
  const from = Math.min(offset, size);
  const bytes = bytesOf(log, from, Math.min(size, from + MOST_BYTES));
  let end = 0;
  for (let left = lines; left > 0 && end < bytes.length; left -= 1) {
    const next = bytes.indexOf(10, end);
    // A line that is longer than the limit, or not written to its end yet.
    end = next === -1 ? (end === 0 ? bytes.length : end) : next + 1;
    if (next === -1) break;
  }
  return portion(bytes.subarray(0, end), from + end, size);
}

function bytesOf(log: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  return bytes.subarray(0, readSync(log, bytes, 0, bytes.length, from));
}

function offsetOf(marker: string): number {
  const [, offset] = /^(?:\d+:)?(\d+)$/.exec(marker) ?? [];
  if (offset === undefined) throw new AwsError('InvalidParameterValue', `Invalid marker: ${marker}`);
  return Number(offset);
}
