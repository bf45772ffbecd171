import { parameterGroupName } from '../../contract/naming';
import type { DocumentPath, Problem } from '../../errors/problem';
import type { ExtraParameters } from '../parameters/setting';
import type { Environment } from '../schema';

/** What RDS takes only in certain combinations. */
export function clusterRules({ name, source, target }: Environment): Problem[] {
  const problems: Problem[] = [];
  const { parameterGroup, majorVersion, extraParameters } = source.cluster;
  const family = /^default\.(.+)$/.exec(parameterGroup ?? '')?.[1];
  if (family !== undefined && family !== `aurora-postgresql${majorVersion}`) {
    problems.push({
      code: 'PARAMETER_GROUP_FAMILY',
      seen: `${parameterGroup} is for ${family}, but the cluster is aurora-postgresql${majorVersion}.`,
      why: 'A cluster only takes a parameter group of its own engine and major version.',
      next: 'Correct whichever of the two is wrong.',
      path: ['source', 'cluster', 'parameterGroup'],
    });
  }
  if (parameterGroup === parameterGroupName(name, 'source', majorVersion)) {
    problems.push({
      code: 'PARAMETER_GROUP_OWN',
      seen: `${parameterGroup} is the group that this environment makes itself.`,
      why: 'Teardown puts the stated group back, and with its own it would change nothing and could never be destroyed.',
      next: 'Name the group that the cluster had before this environment.',
      path: ['source', 'cluster', 'parameterGroup'],
    });
  }
  const reserved = [
    ...reservedIn(extraParameters, ['source', 'cluster', 'extraParameters']),
    ...reservedIn(source.cluster.create?.instanceParameters ?? {}, [
      'source',
      'cluster',
      'create',
      'instanceParameters',
    ]),
    ...reservedIn(target.clone.extraParameters, ['target', 'clone', 'extraParameters']),
  ];
  return [...problems, ...reserved, ...serverlessRule(target.clone)];
}

function reservedIn(parameters: ExtraParameters, path: DocumentPath): Problem[] {
  if (!('rds.logical_replication' in parameters)) return [];
  return [
    {
      code: 'PARAMETER_RESERVED',
      seen: `${path.join('.')} sets rds.logical_replication.`,
      why: 'It is a parameter of the cluster, and the stack itself turns it on there: without it there is nothing to replicate.',
      next: 'Remove it.',
      path: [...path, 'rds.logical_replication'],
      atKey: true,
    },
  ];
}

function serverlessRule(clone: Environment['target']['clone']): Problem[] {
  const path = ['target', 'clone', 'serverlessV2'];
  const why = 'RDS takes the class db.serverless and a capacity range only together.';
  if ((clone.serverlessV2 !== undefined) !== (clone.instanceClass === 'db.serverless')) {
    const next = clone.serverlessV2
      ? 'For Serverless v2 set instanceClass to db.serverless; otherwise leave serverlessV2 out.'
      : 'Give serverlessV2 its minCapacity and maxCapacity, or choose another instanceClass.';
    return [
      {
        code: 'SERVERLESS_MISMATCH',
        seen: `instanceClass is ${clone.instanceClass} ${clone.serverlessV2 ? 'with' : 'without'} serverlessV2.`,
        why,
        next,
        path,
      },
    ];
  }
  const { minCapacity = 0.5, maxCapacity = 1 } = clone.serverlessV2 ?? {};
  if (minCapacity <= maxCapacity && minCapacity > 0) return [];
  const seen = `minCapacity is ${minCapacity} and maxCapacity ${maxCapacity}.`;
  return [
    {
      code: 'BAD_CAPACITY',
      seen,
      why: 'A range ends above its start, and a clone that pauses at 0 stops applying changes while WAL piles up in production.',
      next: 'Set 0 < minCapacity ≤ maxCapacity.',
      path,
    },
  ];
}
