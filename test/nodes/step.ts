import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const CHECKOUT = join(__dirname, '..', '..');

/** One thing that has to work with every version of Node. */
export interface Step {
  readonly name: string;
  /** Arguments of node. */
  readonly argv: readonly string[];
}

/** What people run, and the tests that are quick; the demo also runs cdktf, Terraform and a whole rollout. */
export const STEPS: readonly Step[] = [
  { name: 'sql-runner --help', argv: ['sql-runner/bin.js', '--help'] },
  { name: 'unit tests', argv: ['--require', 'tsx/cjs', 'test/run/unit.ts'] },
  { name: 'demo', argv: ['--require', 'tsx/cjs', 'lab/demo/demo.ts', '--rows', '20000', '--name', 'nodes'] },
];

export interface StepRun {
  readonly name: string;
  readonly green: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** @param bin the folder of the node to run it with, and everything that it starts */
export function runStep({ name, argv }: Step, bin: string): Promise<StepRun> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter), FORCE_COLOR: '0' };
    const child = spawn(join(bin, 'node'), argv, { cwd: CHECKOUT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject).on('close', (exitCode) => {
      // What is deprecated in one version is gone in a later one.
      const green = exitCode === 0 && !/DeprecationWarning/.test(output);
      resolve({ name, green, seconds: (Date.now() - started) / 1000, output });
    });
  });
}
