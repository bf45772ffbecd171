import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ChildResult, type RunningChild, startChild } from './child';

/** Root of the checkout. */
export const PROJECT = join(__dirname, '..', '..');
/** The command as it is installed. */
export const SQL_RUNNER = join(PROJECT, 'sql-runner', 'bin.js');

/** Runs the project's commands as a person would, but on a folder of its own for everything they write. */
export class Toolchain {
  readonly environments: string;
  readonly output: string;
  readonly logs: string;
  private readonly env: NodeJS.ProcessEnv;
  private runs = 0;

  /**
   * @param folder where logs and the environment file go; made here
   * @param labEnv variables that lead Terraform and the AWS SDK to the lab, and stacks and states into it
   */
  constructor(
    readonly folder: string,
    environmentFile: string,
    labEnv: Record<string, string>,
  ) {
    this.environments = join(folder, 'environments');
    this.output = labEnv.CDKTF_OUTPUT ?? join(folder, 'cdktf.out');
    this.logs = join(folder, 'logs');
    mkdirSync(this.environments, { recursive: true });
    mkdirSync(this.logs, { recursive: true });
    // With only this environment in it, every synth is as fast as it can be.
    copyFileSync(environmentFile, this.environmentFile);
    this.env = withoutEmpty({
      ...process.env,
      ...labEnv,
      ENVIRONMENTS_DIR: this.environments,
      CI: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    });
  }

  private get environmentFile(): string {
    return join(this.environments, 'demo.yaml');
  }

  private get manifest(): string {
    return join(this.output, 'manifest.json');
  }

  /** Changes the environment file, so that the next deploy synthesises anew. */
  edit(change: (text: string) => string): void {
    writeFileSync(this.environmentFile, change(readFileSync(this.environmentFile, 'utf8')));
    rmSync(this.manifest);
  }

  get stacks(): string {
    return join(this.output, 'stacks');
  }

  /** Where the local backend of environments/demo.yaml keeps the states: beside the output. */
  get states(): string {
    return join(dirname(this.output), 'terraform-state');
  }

  /** `cdktf deploy` or `destroy` of one stack. The first one synthesises both stacks, and so does one after an edit. */
  cdktf(verb: 'deploy' | 'destroy', stack: string): Promise<ChildResult> {
    const synthesised = existsSync(this.manifest);
    return this.start(`cdktf-${verb}`, [
      join(PROJECT, 'node_modules', '.bin', 'cdktf'),
      verb,
      stack,
      '--auto-approve',
      '--ignore-missing-stack-dependencies',
      ...(synthesised ? ['--skip-synth'] : []),
      '--output',
      this.output,
    ]).result;
  }

  sqlRunner(verb: string, environment: string, ...flags: string[]): Promise<ChildResult> {
    return this.startSqlRunner(verb, environment, ...flags).result;
  }

  /** One node process, without npx around it, so that its pid is the one that does the work. */
  startSqlRunner(verb: string, environment: string, ...flags: string[]): RunningChild {
    const argv = [process.execPath, SQL_RUNNER, ...verb.split(' '), environment, '--stacks-dir', this.stacks, ...flags];
    return this.start(`sql-runner-${verb}`, argv);
  }

  private start(name: string, argv: string[]): RunningChild {
    this.runs += 1;
    const log = join(this.logs, `${String(this.runs).padStart(2, '0')}-${name}.log`);
    return startChild({ argv, cwd: PROJECT, env: this.env, log });
  }
}

/** The lab gives an empty value to what must not be set at all, as AWS_PROFILE. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}
