import { parseArn } from '../arn';
import type { DocumentPath, Problem } from '../../errors/problem';
import type { Environment } from '../schema';

/** Partitions by how the names of their Regions begin (AWS general reference, "Amazon Resource Names"). */
const PARTITIONS = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isoe-', 'aws-iso-e'],
  ['eusc-', 'aws-eusc'],
] as const;

/** What the name of the Region says of roles, which are in none, and of zones, whose names begin with it. */
export function regionRules(environment: Environment): Problem[] {
  return [...partitionRule(environment), ...zoneRules(environment)];
}

function partitionRule({ region, source, target }: Environment): Problem[] {
  const partition = PARTITIONS.find(([begin]) => region.startsWith(begin))?.[1] ?? 'aws';
  const roles = [source.roleArn, source.runnerRoleArn, target.roleArn, target.runnerRoleArn];
  const other = roles.find((role) => role !== undefined && parseArn(role)?.partition !== partition);
  if (other === undefined) return [];
  return [
    {
      code: 'REGION_MISMATCH',
      seen: `${region} is in partition ${partition}, and ${other} is not.`,
      why: 'Nobody who is of one partition of AWS can work in another.',
      next: 'Correct region or the roles.',
      path: ['region'],
    },
  ];
}

function zoneRules({ region, source }: Environment): Problem[] {
  const { create } = source.cluster;
  const zones: readonly (readonly [DocumentPath, string | undefined])[] = [
    [['writer', 'availabilityZone'], create?.writer?.availabilityZone],
    ...(create?.readers ?? []).map(
      (reader, index) => [['readers', index, 'availabilityZone'], reader.availabilityZone] as const,
    ),
  ];
  return zones.flatMap(([path, zone]): Problem[] =>
    zone === undefined || zone.slice(0, -1) === region
      ? []
      : [
          {
            code: 'REGION_MISMATCH',
            seen: `${zone} is a zone of ${zone.slice(0, -1)}, the environment is in ${region}.`,
            why: 'The instances of a cluster are in one Region.',
            next: `Write a zone of it, as in ${region}a, or correct region.`,
            path: ['source', 'cluster', 'create', ...path],
          },
        ],
  );
}
