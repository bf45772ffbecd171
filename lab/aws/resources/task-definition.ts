import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import { assumableRole } from './created-types';
import { optionalText, text, texts, type Attributes, type ResourceHandler } from './handler';
import { kept, keptOf } from './kept';

export const TASK_DEFINITION = 'aws_ecs_task_definition';
/** How many revisions a family has had: numbers are not used twice. */
const REVISIONS = 'ecs_revisions';
/** Amazon ECS service quotas, "Task definition size". */
const LARGEST_BYTES = 64 * 1024;

/** Of CPU units: lowest, highest and step of memory in MiB (Amazon ECS developer guide, "Task size"). */
const SIZES: Readonly<Record<string, readonly [number, number, number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

const refused = (message: string) => new AwsError('ClientException', message);

function checkSize(cpu: string, memory: number): void {
  const [lowest, highest, step] = SIZES[cpu] ?? [NaN, NaN, NaN];
  const fits =
    cpu === '256'
      ? [512, 1024, 2048].includes(memory)
      : memory >= lowest && memory <= highest && (memory - lowest) % step === 0;
  if (!fits) throw refused('No Fargate configuration exists for given values.');
}

interface Container {
  readonly name?: unknown;
  readonly image?: unknown;
  readonly environment?: readonly { readonly name?: unknown; readonly value?: unknown }[];
}

function containersOf(config: Attributes): readonly Container[] {
  try {
    return JSON.parse(text(config, 'container_definitions')) as readonly Container[];
  } catch {
    throw refused('Container definitions are not valid JSON.');
  }
}

function check(scope: Scope, config: Attributes): void {
  const containers = containersOf(config);
  if (containers.length === 0) throw refused('Container list cannot be empty.');
  for (const { name, image, environment = [] } of containers) {
    if (typeof name !== 'string' || typeof image !== 'string')
      throw refused('Container.name and Container.image should not be null or empty.');
    if (environment.some((one) => typeof one.name !== 'string' || typeof one.value !== 'string'))
      throw refused('Container.environment has an entry without a name or a value.');
  }
  if (Buffer.byteLength(text(config, 'container_definitions')) > LARGEST_BYTES)
    throw refused('Actual size of the task definition exceeds the maximum of 64 KB.');
  if (texts(config, 'requires_compatibilities').includes('FARGATE')) {
    if (optionalText(config, 'network_mode') !== 'awsvpc')
      throw refused('When networkMode=awsvpc is not set, Fargate cannot be required.');
    checkSize(text(config, 'cpu'), Number(text(config, 'memory')));
  }
  for (const role of ['execution_role_arn', 'task_role_arn']) {
    const roleArn = optionalText(config, role);
    if (roleArn !== undefined) assumableRole(scope, roleArn, 'ecs-tasks.amazonaws.com');
  }
}

const revisions = kept(TASK_DEFINITION, {
  id: (config) => text(config, 'family'),
  computed(scope, family) {
    const { account, region } = scope;
    const revision = Number(keptOf(scope, REVISIONS)[family]?.count ?? 1);
    const without = arn('ecs', region, account.id, `task-definition/${family}`);
    return { arn: `${without}:${revision}`, arn_without_revision: without, revision };
  },
  check,
});

/** Every one that is made is another revision of its family. */
export const ecsTaskDefinition: ResourceHandler = {
  ...revisions,
  create(scope, config) {
    const family = text(config, 'family');
    const count = Number(keptOf(scope, REVISIONS)[family]?.count ?? 0) + 1;
    check(scope, config);
    keptOf(scope, REVISIONS)[family] = { count };
    return revisions.create(scope, config);
  },
};
