import type { RunningChild } from '../../../lab/demo/child';
import { Toolchain } from '../../../lab/demo/toolchain';
import { expectDocumented } from './machine-output';

/** The commands as a person would run them; what scripts would read of them is held to its schema each time. */
export class CheckedToolchain extends Toolchain {
  override startSqlRunner(verb: string, environment: string, ...flags: string[]): RunningChild {
    const child = super.startSqlRunner(verb, environment, ...flags);
    if (!flags.includes('--json')) return child;
    const result = child.result.then((ended) => {
      expectDocumented(verb, ended);
      return ended;
    });
    return { ...child, result };
  }
}
