import { stripVTControlCharacters } from 'node:util';
import { describeOperatorError, type OperatorError } from '../../errors/operator-error';
import { redact } from '../explain/redaction';
import { RUN } from '../model/run-id';
import { FORMAT_VERSION } from '../render/format-version';

export type LogLevel = 'info' | 'warn' | 'error';

interface More {
  readonly level?: LogLevel;
  /** Of an error or a finding. */
  readonly code?: string;
}

/** Also of a command line that is refused, so before anything of it is parsed. */
function logsJson(argv: readonly string[] = process.argv): boolean {
  const at = argv.lastIndexOf('--log-format');
  const value = at >= 0 ? argv[at + 1] : argv.findLast((word) => word.startsWith('--log-format='))?.slice(13);
  return value === 'json';
}

/** What goes to stderr: a text for people, or with --log-format json a line for machines. */
function logLine(message: string, { level = 'info', code }: More = {}, json = logsJson()): string {
  const clean = redact(message);
  if (!json) return `${clean}\n`;
  const time = new Date().toISOString();
  const line = {
    format_version: FORMAT_VERSION,
    time,
    level,
    run: RUN,
    message: stripVTControlCharacters(clean).trim(),
  };
  return `${JSON.stringify({ ...line, ...(code === undefined ? {} : { code }) })}\n`;
}

export function log(message: string, more: More = {}): void {
  process.stderr.write(logLine(message, more));
}

/** With the run, by which the history, the log and sessions on the servers tell of it. */
export function sayError(error: OperatorError): void {
  const text = describeOperatorError(error);
  log(logsJson() ? text : `${text}\n  Run: ${RUN}`, { level: 'error', code: error.code });
}
