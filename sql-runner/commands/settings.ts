import { redact } from '../explain/redaction';
import { log } from './log';
import { styleFor, type Style } from '../render/style';

/** Options that every command has, parsed once. */
export interface CommonOptions {
  readonly stacksDir: string;
  readonly outputs: readonly string[];
  readonly json: boolean;
  readonly color: boolean;
}

export interface Output {
  /** Results: stdout. */
  readonly out: (text: string) => void;
  /** Progress and questions: stderr. */
  readonly log: typeof log;
  readonly style: Style;
}

export function outputFor(options: CommonOptions): Output {
  return {
    out: (text) => void process.stdout.write(`${redact(text)}\n`),
    log,
    style: styleFor(process.stdout, !options.color),
  };
}
