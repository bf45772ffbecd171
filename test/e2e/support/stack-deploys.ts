import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contracts, Side } from '../../../contract/contract';
import { stackNames } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';
import type { Lab } from '../../../lab/lab';
import { extractContracts } from '../../../sql-runner/inputs/extract-contracts';
import { synthesizeText } from '../../stacks/synthesized';

export interface TerraformResult {
  readonly status: number | null;
  /** What it printed, in lines that are as long as they are. */
  readonly output: string;
}

/** Both stacks of an environment, deployed again and again as its file changes: synthesised, and applied by the real terraform. */
export class StackDeploys {
  private readonly directory: string;
  /** By folder, for which providers and which backend: terraform says itself where it needs another init. */
  private readonly initialised = new Map<string, string>();

  constructor(
    private readonly lab: Lab,
    private readonly binary: string,
    /** Environments that there are files of, beside the one that is deployed. */
    private readonly others: readonly Environment[] = [],
  ) {
    this.directory = join(lab.directory, 'deploys');
  }

  /** Synthesises both, so that they say what the environment says now. */
  write(environment: Environment): void {
    const beside = this.others.filter(({ name }) => name !== environment.name);
    const texts = synthesizeText({ ...environment, backend: { type: 'local', directory: 'terraform-state' } }, beside);
    for (const side of ['source', 'target'] as const) {
      const folder = this.folder(environment, side);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'cdk.tf.json'), texts[side]);
    }
  }

  /** Synthesises both, and applies one. @throws Error where terraform ends with an error */
  deploy(environment: Environment, side: Side): void {
    this.write(environment);
    this.expectDone(environment, side, 'apply', '-auto-approve', '-input=false');
  }

  /** @throws Error where the source puts out no contract */
  contracts(environment: Environment): Contracts {
    const [source] = this.outputs(environment, 'source');
    const [target] = this.outputs(environment, 'target');
    if (source?.side !== 'source') throw new Error('the stack puts out no contract of the source');
    return { source, target: target?.side === 'target' ? target : null };
  }

  /** What is left to do, as terraform plans it; empty: nothing. */
  left(environment: Environment, side: Side): string {
    const { status, output } = this.terraform(environment, side, 'plan', '-detailed-exitcode', '-input=false');
    return status === 0 ? '' : output;
  }

  /** Resources that the state has; what was only read is not. */
  held(environment: Environment, side: Side): string[] {
    const listed = this.expectDone(environment, side, 'state', 'list').split('\n');
    return listed.filter((address) => address !== '' && !address.startsWith('data.')).sort();
  }

  terraform(environment: Environment, side: Side, ...args: string[]): TerraformResult {
    const variables = { ...process.env, ...this.lab.env, TF_IN_AUTOMATION: '1', TF_CLI_ARGS: '' };
    const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
    const cwd = this.folder(environment, side);
    const call = (...words: string[]) => spawnSync(this.binary, words, { cwd, env, encoding: 'utf8' });
    const { terraform: needs } = JSON.parse(readFileSync(join(cwd, 'cdk.tf.json'), 'utf8')) as { terraform: object };
    if (this.initialised.get(cwd) !== JSON.stringify(needs)) {
      const init = call('init', '-input=false', '-no-color');
      if (init.status !== 0) throw new Error(`terraform init: ${init.stdout}${init.stderr}`);
      this.initialised.set(cwd, JSON.stringify(needs));
    }
    const { status, stdout, stderr } = call(
      ...args,
      ...(['state', 'show'].includes(args[0] ?? '') ? [] : ['-no-color']),
    );
    return { status, output: stdout + unwrapped(stderr) };
  }

  /** Of a stack that was never deployed, and of one that was destroyed: none. */
  private outputs(environment: Environment, side: Side) {
    const text = this.expectDone(environment, side, 'output', '-json');
    return extractContracts(JSON.parse(text), this.folder(environment, side));
  }

  private expectDone(environment: Environment, side: Side, ...args: string[]): string {
    const { status, output } = this.terraform(environment, side, ...args);
    if (status !== 0) throw new Error(`terraform ${args[0]}: ${output}`);
    return output;
  }

  /** As cdktf lays it out, so that the paths of the states are those of a real run. */
  private folder({ name }: Environment, side: Side): string {
    return join(this.directory, 'cdktf.out', 'stacks', stackNames(name)[side]);
  }
}

/** Terraform breaks the text of an error at the width of the terminal, with a bar before each line. */
function unwrapped(stderr: string): string {
  return stderr.replace(/\s*\n│?\s*/g, ' ');
}
