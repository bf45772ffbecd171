import { createColors } from 'picocolors';
import { wrapped } from '../wrapped';

/** That a line of the story has at most, its indent included. */
const COLUMNS = 80;
const INDENT = '    ';

/** Tells the story: a title per step, a few indented lines, the time it took. */
export class Narrator {
  private number = 0;
  private silent = false;
  private readonly startedAt = Date.now();

  /** Colours are those of the stream that is written to, never what the process believes of its own. */
  constructor(
    private readonly write: (line: string) => void,
    private readonly style: ReturnType<typeof createColors>,
  ) {}

  static on(stream: NodeJS.WriteStream): Narrator {
    return new Narrator(
      (line) => void stream.write(`${line}\n`),
      createColors(stream.isTTY === true && process.env.NO_COLOR === undefined),
    );
  }

  /** Seconds since the story began. */
  get seconds(): number {
    return (Date.now() - this.startedAt) / 1000;
  }

  /** Number and title of the step that is being told; for the account of a failure. */
  title = '';

  line(text = ''): void {
    if (!this.silent) this.write(text);
  }

  /** Ends the story: a step still under way says nothing any more, and no other begins. */
  end(): void {
    this.silent = true;
  }

  /** Tells one step around `body`. Lines that the body says stand indented below the title. */
  async step<T>(title: string, body: (say: (line: string) => void) => Promise<T>): Promise<T> {
    if (this.silent) throw new Error('The story has ended.');
    this.number += 1;
    this.title = `${this.number}. ${title}`;
    const [first = '', ...rest] = wrapped(title, COLUMNS - INDENT.length);
    const { bold } = this.style;
    this.line(`${bold(`${String(this.number).padStart(2)}.`)} ${bold(first)}`);
    for (const more of rest) this.line(`${INDENT}${bold(more)}`);
    const startedAt = Date.now();
    const result = await body((text) => this.say(text));
    this.line(this.style.dim(`${INDENT}${((Date.now() - startedAt) / 1000).toFixed(1)} s`));
    return result;
  }

  private say(text: string): void {
    for (const line of wrapped(text, COLUMNS - INDENT.length)) this.line(`${INDENT}${line}`);
  }
}

/** 1234567 as 1,234,567. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}
