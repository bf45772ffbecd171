import type { DocumentPath, Problem } from '../../errors/problem';
import { missing } from '../../errors/setting-problems';
import type { Environment } from '../schema';

const pathOf = (setting: string): DocumentPath => ['source', 'cluster', setting];

/** Settings of one mode say nothing in another, and one that is silently ignored is worse than none. */
export function sourceModeRules(environment: Environment): Problem[] {
  return [...groupMakerRule(environment), ...clusterRules(environment)];
}

/** The stack attaches its own group to what is in its state, so that nobody else's can be it. */
function groupMakerRule({ source }: Environment): Problem[] {
  const { mode } = source.cluster;
  if (mode === 'existing' || source.manage.parameterGroup === 'stack') return [];
  return [
    {
      code: 'MODE_MISMATCH',
      seen: `source.manage.parameterGroup is owner, and source.cluster.mode is ${mode}.`,
      why: 'A cluster in the state of this stack has the parameter group of this stack.',
      next: 'Write parameterGroup: stack, or mode: existing.',
      path: ['source', 'manage', 'parameterGroup'],
    },
  ];
}

function clusterRules({ source }: Environment): Problem[] {
  const { mode, create, parameterGroup, adminSecretArn } = source.cluster;
  if (mode === 'create') {
    return [
      ...(create === undefined ? [missing(pathOf('create'))] : []),
      ...(parameterGroup === undefined ? [] : [ofAnotherMode('parameterGroup', 'a new cluster had none before')]),
      ...(adminSecretArn === undefined
        ? []
        : [ofAnotherMode('adminSecretArn', 'RDS makes the secret of a new cluster itself')]),
    ];
  }
  return [
    ...(parameterGroup === undefined ? [missing(pathOf('parameterGroup'))] : []),
    ...(create === undefined
      ? []
      : [
          {
            code: 'MODE_MISMATCH',
            seen: `source.cluster.create is given, and mode is ${mode}.`,
            why: 'It describes a new cluster; of one that there is already it would change nothing.',
            next: 'Write mode: create for a new cluster, or remove create.',
            path: pathOf('create'),
            atKey: true,
          } as const,
        ]),
  ];
}

function ofAnotherMode(setting: string, why: string): Problem {
  return {
    code: 'MODE_MISMATCH',
    seen: `source.cluster.${setting} is given, and mode is create.`,
    why: `It says something of a cluster that there is already: ${why}.`,
    next: `Remove ${setting}.`,
    path: pathOf(setting),
    atKey: true,
  };
}
