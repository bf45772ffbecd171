import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { headOf, readLines, type ChangeLine, type PastLines, type SpanLine } from './past-lines';

const NOTHING: PastLines = { spans: [], changes: [] };
/** More than a day of a hundred streams. What is larger was not written here. */
const LARGEST = 64 * 1024 * 1024;

/** Where what serve has seen is kept when nobody says where (XDG Base Directory Specification). */
export function defaultFolder(): string {
  const state = process.env.XDG_STATE_HOME ?? '';
  // "All paths set in these environment variables must be absolute", else they are to be ignored.
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'sql-runner', 'serve');
}

/** One file of lines. Nothing that goes wrong with it ends the process, or is kept quiet. */
export class PastFile {
  readonly path: string;
  /** What went wrong last; null: nothing. */
  problem: string | null = null;

  constructor(
    private readonly folder: string,
    private readonly environment: string,
  ) {
    this.path = join(folder, `${environment}.jsonl`);
  }

  /** A damaged file is put aside, and begun anew. */
  read(): PastLines {
    try {
      if (statSync(this.path).size > LARGEST) return this.putAside('it is larger than any that was written here');
      const found = readLines(readFileSync(this.path, 'utf8'), this.environment);
      return typeof found === 'string' ? this.putAside(found) : found;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.problem = `${this.path} cannot be read (${code}): what was seen before is not shown`;
      return NOTHING;
    }
  }

  private putAside(what: string): PastLines {
    renameSync(this.path, `${this.path}.damaged`);
    this.problem = `${this.path} was damaged (${what}); it is ${this.path}.damaged now, and what was seen before is not shown`;
    return NOTHING;
  }

  /** All of it, in place of what is there. */
  write({ spans, changes }: PastLines): void {
    const lines = [headOf(this.environment), ...[...spans, ...changes].map((line) => JSON.stringify(line))];
    this.attempt(() => {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const making = `${this.path}.${process.pid}`;
      writeFileSync(making, `${lines.join('\n')}\n`, { mode: 0o600 });
      renameSync(making, this.path);
    });
  }

  append(line: SpanLine | ChangeLine): void {
    this.attempt(() => appendFileSync(this.path, `${JSON.stringify(line)}\n`, { mode: 0o600 }));
  }

  private attempt(write: () => void): void {
    try {
      write();
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      this.problem = `${this.path} cannot be written (${code}): what is seen now will be forgotten when sql-runner serve ends`;
    }
  }
}
