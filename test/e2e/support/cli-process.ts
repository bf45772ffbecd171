import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningChild, startChild } from '../../../lab/demo/child';
import { SQL_RUNNER } from '../../../lab/demo/toolchain';
import type { DirectLab } from './direct-lab';
import { expectDocumented } from './machine-output';

/** How a run in a process of its own ended. */
export interface Ending {
  readonly exitCode: number | null;
  /** The outcome of a run, or the code of its error. */
  readonly outcome: string;
  /** What it said it waited for. */
  readonly waits: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of sql-runner as real processes against a lab. */
export class CliProcesses {
  private runs = 0;

  constructor(private readonly world: DirectLab) {}

  /** Starts a process, and waits until it has ended. */
  run(verb: string, ...flags: string[]): Promise<Ending> {
    return this.ended(verb, this.start(verb, flags));
  }

  /** Starts one that goes on until a signal ends it, and does that after `work` with the first that it prints. */
  async runWhile(verb: string, flags: string[], work: (printed: string) => Promise<unknown>): Promise<Ending> {
    const child = this.start(verb, flags);
    const [printed] = (await once(child.process.stdout!, 'data')) as [string];
    await work(printed).finally(() => child.process.kill('SIGTERM'));
    return this.ended(verb, child);
  }

  /** Starts one, and kills it as soon as it has come as far as `moment` waits for. */
  async runUntilKilled(verb: string, flags: string[], moment: () => Promise<unknown>): Promise<void> {
    const child = this.start(verb, flags);
    await moment().finally(() => child.process.kill('SIGKILL'));
    const { exitCode, stdout, stderr } = await child.result;
    if (exitCode !== null) throw new Error(`${verb} came to its end: ${stdout}\n${stderr}`);
  }

  private start(verb: string, flags: readonly string[]): RunningChild {
    this.runs += 1;
    const name = join(this.world.lab.directory, `${this.runs}-${verb}`);
    const { source, target } = this.world.contracts;
    const outputs = [source, target].flatMap((contract, index) => {
      if (contract === null) return [];
      const file = `${name}.${index}.json`;
      writeFileSync(file, JSON.stringify(contract));
      return ['--outputs', file];
    });
    // Of the verb that has several actions the action is first.
    const actions = verb === 'ddl' ? flags.slice(0, 1) : [];
    const argv = [
      process.execPath,
      SQL_RUNNER,
      verb,
      ...actions,
      'demo',
      ...outputs,
      '--json',
      ...flags.slice(actions.length),
    ];
    const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
    return startChild({ argv, cwd: this.world.lab.directory, env, log: `${name}.log` });
  }

  private async ended(verb: string, child: RunningChild): Promise<Ending> {
    const { exitCode, stdout, stderr } = await child.result;
    expectDocumented(verb, { exitCode, stdout, stderr });
    return { exitCode, stdout, stderr, ...said(stdout, stderr) };
  }
}

interface Line {
  readonly type?: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly for?: string;
}

function said(stdout: string, stderr: string): Pick<Ending, 'outcome' | 'waits'> {
  // Events are one a line; the documents of doctor, plan and verify are not, and have no outcome.
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line) as Line);
  const waits = lines.flatMap((line) => (line.type === 'waiting' && line.for !== undefined ? [line.for] : []));
  const last = lines.at(-1);
  return { waits, outcome: last?.outcome ?? last?.code ?? (stderr === '' ? 'a document' : stderr) };
}
