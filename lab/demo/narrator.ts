import pc from 'picocolors';

/** Tells the story: a title per step, a few indented lines, the time it took. Colours follow NO_COLOR and the TTY. */
export class Narrator {
  private number = 0;
  private readonly startedAt = Date.now();

  constructor(private readonly write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`)) {}

  /** Seconds since the story began. */
  get seconds(): number {
    return (Date.now() - this.startedAt) / 1000;
  }

  /** Number and title of the step that is being told; for the account of a failure. */
  title = '';

  line(text = ''): void {
    this.write(text);
  }

  /** Tells one step around `body`. Lines that the body says stand indented below the title. */
  async step<T>(title: string, body: (say: (line: string) => void) => Promise<T>): Promise<T> {
    this.number += 1;
    this.title = `${this.number}. ${title}`;
    this.write(`${pc.bold(`${String(this.number).padStart(2)}.`)} ${pc.bold(title)}`);
    const startedAt = Date.now();
    const result = await body((line) => this.write(`    ${line}`));
    this.write(pc.dim(`    ${((Date.now() - startedAt) / 1000).toFixed(1)} s`));
    return result;
  }
}

/** 1234567 as 1,234,567. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}
