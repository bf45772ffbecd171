import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceContract } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';
import type { Lab } from '../../../lab/lab';
import { extractContracts } from '../../../sql-runner/inputs/extract-contracts';
import { synthesize } from '../../stacks/synthesized';

/** The source stack of an environment, deployed again and again as its file changes: synthesised, and applied by the real terraform. */
export class SourceDeploys {
  private readonly folder: string;

  constructor(
    private readonly lab: Lab,
    private readonly binary: string,
  ) {
    this.folder = join(lab.directory, 'deploys');
    mkdirSync(this.folder);
  }

  deploy(environment: Environment): SourceContract {
    this.write(environment);
    this.terraform('init', '-input=false');
    this.terraform('apply', '-auto-approve', '-input=false');
    const [contract] = extractContracts(JSON.parse(this.terraform('output', '-json')), this.folder);
    if (contract?.side !== 'source') throw new Error('the stack puts out no contract of the source');
    return contract;
  }

  /** What is left to do, as terraform plans it; empty: nothing. */
  left(): string {
    const { status, stdout, stderr } = this.run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    return status === 0 ? '' : stdout + stderr;
  }

  private write(environment: Environment): void {
    const { source } = synthesize(environment);
    const terraform = { ...source.terraform, backend: { local: { path: join(this.folder, 'source.tfstate') } } };
    writeFileSync(join(this.folder, 'cdk.tf.json'), JSON.stringify({ ...source, terraform }));
  }

  private terraform(...args: string[]): string {
    const { status, stdout, stderr } = this.run(...args);
    if (status !== 0) throw new Error(`terraform ${args[0]}: ${stdout}${stderr}`);
    return stdout;
  }

  private run(...args: string[]) {
    const variables = { ...process.env, ...this.lab.env, TF_IN_AUTOMATION: '1' };
    const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
    return spawnSync(this.binary, args, { cwd: this.folder, env, encoding: 'utf8' });
  }
}
