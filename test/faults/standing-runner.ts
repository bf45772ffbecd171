import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ChildResult } from '../../lab/demo/child';
import { PROJECT } from '../../lab/demo/toolchain';

/**
 * A process that has sql-runner loaded and compiled, for the runs that nothing is done to: they are more than half of
 * all, and starting costs more than a run. What a fault happens to is always a process of its own.
 */
export class StandingRunner {
  private constructor(private readonly child: ChildProcess) {}

  static start(program: string, env: NodeJS.ProcessEnv): StandingRunner {
    return new StandingRunner(fork(program, [], { cwd: PROJECT, env, execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] }));
  }

  /** One run at a time. */
  async run(argv: readonly string[]): Promise<ChildResult> {
    const ended = once(this.child, 'exit').then(() => {
      throw new Error(`the process of sql-runner ended by itself during: ${argv.join(' ')}`);
    });
    this.child.send([...argv]);
    const answered = once(this.child, 'message').then(([result]) => result as ChildResult);
    return Promise.race([answered, ended]);
  }

  end(): void {
    this.child.disconnect();
  }
}
