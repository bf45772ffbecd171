import { once } from 'node:events';
import { join } from 'node:path';
import { startChild } from '../../../lab/demo/child';
import { SQL_RUNNER } from '../../../lab/demo/toolchain';
import { accessKeyOf, sessionToken } from '../../../lab/aws/caller';
import type { Lab } from '../../../lab/lab';

/** What a task definition says of its container, as ECS reads it. */
export interface Container {
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly healthCheck?: { readonly command: readonly string[] };
}

export interface TaskDefinition {
  readonly family: string;
  readonly container_definitions: string;
  readonly task_role_arn: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a container as ECS would: its command and its variables, with the credentials of its task's role, and no others. */
export class ContainerRuns {
  private runs = 0;

  constructor(
    private readonly lab: Lab,
    private readonly endpoint: string,
  ) {}

  async toItsEnd(definition: TaskDefinition): Promise<Ended> {
    const container = containerOf(definition);
    const { exitCode, stdout, stderr } = await this.start(definition, [SQL_RUNNER, ...container.command]).result;
    return { exitCode, output: stdout + stderr };
  }

  /** Stops it with the signal that ECS stops a task with, once `work` is done. */
  async stoppedAfter(definition: TaskDefinition, work: () => Promise<unknown>): Promise<Ended> {
    const child = this.start(definition, [SQL_RUNNER, ...containerOf(definition).command]);
    const ended = child.result;
    const early = once(child.process, 'exit').then(() => undefined);
    await Promise.race([work(), early]).finally(() => child.process.kill('SIGTERM'));
    const { exitCode, stdout, stderr } = await ended;
    return { exitCode, output: stdout + stderr };
  }

  /** Its health check, which ECS runs in the container: `CMD`, a program and its arguments. */
  async healthy(definition: TaskDefinition): Promise<boolean> {
    const [kind, program, ...args] = containerOf(definition).healthCheck!.command;
    if (kind !== 'CMD' || program !== 'node') throw new Error(`a health check of another kind: ${kind} ${program}`);
    return (await this.start(definition, args).result).exitCode === 0;
  }

  private start(definition: TaskDefinition, args: readonly string[]) {
    this.runs += 1;
    const own = containerOf(definition).environment.map(({ name, value }) => [name, value]);
    const role = definition.task_role_arn.split('/').at(-1)!;
    const account = definition.task_role_arn.split(':')[4]!;
    const env = {
      PATH: process.env.PATH ?? '',
      // There is no home to write to.
      HOME: '/nonexistent',
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyOf(account),
      AWS_SECRET_ACCESS_KEY: 'lab',
      AWS_SESSION_TOKEN: sessionToken(role, 'task'),
      // The authority of the lab's servers, in place of that of RDS.
      PGSSLROOTCERT: this.lab.env.PGSSLROOTCERT ?? '',
      ...(Object.fromEntries(own) as Record<string, string>),
    };
    const log = join(this.lab.directory, `container-${this.runs}.log`);
    return startChild({ argv: [process.execPath, ...args], cwd: this.lab.directory, env, log });
  }
}

const containerOf = ({ container_definitions }: TaskDefinition): Container =>
  (JSON.parse(container_definitions) as readonly Container[])[0]!;
