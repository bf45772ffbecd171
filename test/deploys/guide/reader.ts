import type { Item, Page } from './page';
import { untrue } from './printed';
import type { Shell } from './shell';

/** One who follows the page, command by command, and looks whether it says what is printed. */
export class Reader {
  /** Blocks that were carried out, as they stand there. */
  readonly carriedOut = new Set<string>();
  /** What the page has and was not printed, or the other way round. */
  readonly lies: string[] = [];
  private readonly took: string[] = [];
  private lastPrinted = '';

  /** @param byHand does what others do, who see what was printed last */
  constructor(
    private readonly page: Page,
    private readonly shell: Pick<Shell, 'run'>,
    private readonly byHand: (what: string, lastPrinted: string) => Promise<void>,
  ) {}

  /** Steps from one to another, both included. */
  async follow(from: number, to: number): Promise<void> {
    for (let step = from; step <= to; step += 1) await this.carryOut(this.page.steps.get(step), `step ${step}`);
  }

  /** How long each block took. */
  times(): string {
    return this.took.map((line) => `${line}\n`).join('');
  }

  backOut(step: number): Promise<void> {
    return this.carryOut(this.page.waysOut.get(step), `the way out of step ${step}`);
  }

  private async carryOut(items: readonly Item[] | undefined, where: string): Promise<void> {
    if (items === undefined) throw new Error(`the page has not ${where}`);
    for (const item of items) {
      if (item.kind === 'way out') await this.backOut(item.of);
      else if (item.kind === 'by hand') await this.byHand(item.what, this.lastPrinted);
      else await this.run(item.commands, item.expected, where);
    }
  }

  private async run(commands: string, expected: string, where: string): Promise<void> {
    const began = Date.now();
    const { exitCode, printed } = await this.shell.run(commands);
    this.took.push(
      `${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${commands.trim().replaceAll('\n', '; ')}`,
    );
    const all = `${where}\n\n${commands}\nThis was printed:\n\n${printed}`;
    if (exitCode !== 0) throw new Error(`Ended with ${exitCode}: ${all}`);
    const lie = untrue(expected, printed);
    if (lie !== '') this.lies.push(`${lie}\n\n${all}`);
    this.carriedOut.add(commands);
    this.lastPrinted = printed;
  }
}
