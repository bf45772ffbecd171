import type { Problem } from '../../errors/problem';
import type { Environment } from '../schema';

const PATH = ['target', 'runner'];

/** Memory that Fargate has for a number of CPU units: lowest, highest and step in MiB (Amazon ECS developer guide, "Task size"). */
const MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: upTo(1024, 4096),
  1024: upTo(2048, 8192),
  2048: upTo(4096, 16_384),
  4096: upTo(8192, 30_720),
};

function upTo(lowest: number, highest: number): number[] {
  return Array.from({ length: (highest - lowest) / 1024 + 1 }, (_, index) => lowest + index * 1024);
}

/** The rules about where sql-runner runs. */
export function runnerRules({ source, target: { runner } }: Environment): Problem[] {
  if (runner === undefined) return [];
  return [...roleRule(runner, source), ...sizeRule(runner), ...idleRule(runner)];
}

type Runner = NonNullable<Environment['target']['runner']>;

/** A task has the role of its own account alone. */
function roleRule({ sourceRoleArn }: Runner, { roleArn }: Environment['source']): Problem[] {
  if (sourceRoleArn !== undefined || roleArn !== undefined) return [];
  return [
    {
      code: 'MISSING_SETTING',
      seen: 'target.runner.sourceRoleArn is missing, and so is source.roleArn.',
      why: 'A task runs with a role of the target account, and reads the secrets of the source only by a role there.',
      next: 'Name a role of the source account that the task may assume.',
      path: PATH,
      atKey: true,
    },
  ];
}

function sizeRule({ cpu, memoryMb }: Runner): Problem[] {
  const sizes = MEMORY[cpu]!;
  if (sizes.includes(memoryMb)) return [];
  const list = sizes.length < 4 ? sizes.join(', ') : `${sizes[0]} to ${sizes.at(-1)} in steps of 1024`;
  return [
    {
      code: 'BAD_VALUE',
      seen: `target.runner.memoryMb is ${memoryMb}, with ${cpu} CPU units.`,
      why: 'Fargate has no such size, and ECS refuses the task definition.',
      next: `With ${cpu} CPU units take ${list}.`,
      path: [...PATH, 'memoryMb'],
    },
  ];
}

function idleRule({ serve, statusSchedule, verifySchedule }: Runner): Problem[] {
  if (serve || statusSchedule !== undefined || verifySchedule !== undefined) return [];
  return [
    {
      code: 'BAD_VALUE',
      seen: 'target.runner.serve is false, and there is no schedule.',
      why: 'A cluster, roles and a log group would be made in which nothing ever runs.',
      next: 'Give statusSchedule or verifySchedule, or leave out target.runner.',
      path: [...PATH, 'serve'],
    },
  ];
}
