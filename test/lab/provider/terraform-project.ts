import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureTerraform } from '../../../lab/terraform/ensure';

export interface TerraformResult {
  readonly code: number;
  /** stdout and stderr together, without the frames around diagnostics and with single spaces. */
  readonly text: string;
  readonly stdout: string;
}

/** A directory, with a space in its name, in which the real terraform runs. */
export class TerraformProject {
  private constructor(
    readonly directory: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly binary: string,
  ) {}

  static async create(environment: NodeJS.ProcessEnv): Promise<TerraformProject> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'terraform project '));
    const { binary } = await ensureTerraform();
    return new TerraformProject(directory, environment, binary);
  }

  async write(configuration: object): Promise<void> {
    const required = { required_providers: { aws: { source: 'aws', version: '6.25.0' } } };
    await writeFile(
      path.join(this.directory, 'main.tf.json'),
      JSON.stringify({ terraform: required, ...configuration }, null, 2),
    );
  }

  run(args: string[], overrides: NodeJS.ProcessEnv = {}): Promise<TerraformResult> {
    const env = { ...process.env, CHECKPOINT_DISABLE: '1', ...this.environment, ...overrides };
    return new Promise((resolve) => {
      execFile(this.binary, args, { cwd: this.directory, env }, (error, stdout, stderr) => {
        const text = `${stdout}\n${stderr}`.replace(/[│╷╵]/g, ' ').replace(/\s+/g, ' ');
        resolve({ code: error === null ? 0 : Number(error.code), text, stdout });
      });
    });
  }

  apply(overrides: NodeJS.ProcessEnv = {}): Promise<TerraformResult> {
    return this.run(['apply', '-auto-approve', '-input=false', '-no-color'], overrides);
  }

  /** Exit code 0: nothing to do; 2: changes. */
  plan(overrides: NodeJS.ProcessEnv = {}): Promise<TerraformResult> {
    return this.run(['plan', '-detailed-exitcode', '-input=false', '-no-color'], overrides);
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}
