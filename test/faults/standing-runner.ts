import { type ChildProcess, fork } from 'node:child_process';
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
  run(argv: readonly string[]): Promise<ChildResult> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const ended = (): void =>
        reject(new Error(`the process of sql-runner ended by itself during: ${argv.join(' ')}`));
      child.once('exit', ended);
      child.once('message', (result) => {
        child.off('exit', ended);
        resolve(result as ChildResult);
      });
      child.send([...argv], (error) => error !== null && reject(error));
    });
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
