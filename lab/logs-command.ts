import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openLab, type Side } from './lab';
import { serverOf } from './servers';

/** How often a log that is followed is looked at. */
const LOOK_MS = 200;
/** A log may be long, and only its end is asked for. */
const TAIL_BYTES = 1024 * 1024;

export interface LogsOptions {
  readonly name: string;
  readonly lines: number;
  readonly follow?: boolean;
}

/** Prints the end of a server's log, also of one that does not run. @param until ends the following */
export async function logs(side: Side, { name, lines, follow }: LogsOptions, until?: AbortSignal): Promise<void> {
  const file = serverOf(openLab(name), side).logFile;
  const log = openSync(file, 'r');
  try {
    const start = fstatSync(log).size;
    const tail = textBetween(log, Math.max(0, start - TAIL_BYTES), start);
    process.stdout.write(lastLines(tail, lines));
    if (follow === true) await goOn(log, start, until);
  } finally {
    closeSync(log);
  }
}

async function goOn(log: number, from: number, until: AbortSignal | undefined): Promise<void> {
  for (let at = from; until?.aborted !== true;) {
    const end = fstatSync(log).size;
    if (end > at) process.stdout.write(textBetween(log, at, end));
    at = end;
    await pause(LOOK_MS, undefined, { signal: until }).catch(() => undefined);
  }
}

function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  // What stands behind the last line's end is no line.
  const kept = lines.at(-1) === '' ? lines.slice(-count - 1) : lines.slice(-count);
  return kept.join('\n');
}

function textBetween(log: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  const read = readSync(log, bytes, 0, bytes.length, from);
  return bytes.toString('utf8', 0, read);
}
