import { parameterGroupName, replicationRole } from '../../contract/naming';
import type { ExtraParameters } from '../parameters/setting';
import type { Environment } from '../schema';
import { networkConflicts } from './between-networks';
import type { Conflict } from './conflict';

/** What AWS or the production cluster has only once, and both of two environments would make. */
export function conflictsBetween(former: Environment, later: Environment): Conflict[] {
  // Accounts, VPCs and clusters are of one Region.
  if (former.region !== later.region) return roles(former, later);
  return [
    ...otherSource(former, later),
    ...ownedTwice(former, later),
    ...sameClone(former, later),
    ...sameIdentifier(former, later),
    ...networkConflicts(former, later),
    ...roles(former, later),
  ];
}

/** Both are of one production cluster. */
export function sameSource({ region, source }: Environment, other: Environment): boolean {
  return (
    region === other.region &&
    source.accountId === other.source.accountId &&
    source.cluster.identifier === other.source.cluster.identifier
  );
}

/** One cluster has one version and, in the end, one parameter group: what it sets has to be said alike. */
function otherSource(former: Environment, later: Environment): Conflict[] {
  if (!sameSource(former, later)) return [];
  const [one, other] = [former.source.cluster, later.source.cluster];
  const conflict = (setting: 'majorVersion' | 'extraParameters', seen: string, why: string): Conflict => ({
    code: 'SOURCE_DESCRIBED_OTHERWISE',
    seen,
    why,
    next: `Say the same of ${other.identifier} in both files.`,
    path: ['source', 'cluster', setting],
    otherPath: ['source', 'cluster', setting],
  });
  if (one.majorVersion !== other.majorVersion) {
    const seen = `${other.identifier} runs version ${one.majorVersion} by ${former.name}, and ${other.majorVersion} by this file.`;
    return [conflict('majorVersion', seen, 'It is the same cluster, and has one version.')];
  }
  const differing = parametersApart(one.extraParameters, other.extraParameters);
  if (differing.length === 0) return [...otherMaker(former, later), ...eachOthersGroup(former, later)];
  const seen = `extraParameters of ${other.identifier} differ from those of ${former.name}: ${differing.join(', ')}.`;
  const why = 'A cluster has one parameter group: which of the two is attached would decide what production runs with.';
  return [conflict('extraParameters', seen, why)];
}

/** Two states with one cluster, each of which would put its own parameter group back. */
function ownedTwice(former: Environment, later: Environment): Conflict[] {
  const modes = [former, later].map(({ source }) => source.cluster.mode);
  if (!sameSource(former, later) || modes.includes('existing')) return [];
  return [
    {
      code: 'CLUSTER_OWNED_TWICE',
      seen: `${later.source.cluster.identifier} is in the state of ${former.name} already (mode: ${modes[0]}).`,
      why: 'A cluster belongs to one state; two of them would change it back and forth.',
      next: 'Write mode: existing here.',
      path: ['source', 'cluster', 'mode'],
      otherPath: ['source', 'cluster', 'mode'],
    },
  ];
}

/** One that attaches its group, and one whose owner attaches theirs, would take turns. */
function otherMaker(former: Environment, later: Environment): Conflict[] {
  const [one, other] = [former.source.manage.parameterGroup, later.source.manage.parameterGroup];
  if (one === other) return [];
  const path = ['source', 'manage', 'parameterGroup'];
  return [
    {
      code: 'SOURCE_DESCRIBED_OTHERWISE',
      seen: `The parameter group of ${later.source.cluster.identifier} is made by the ${one} in ${former.name}, and by the ${other} here.`,
      why: 'A cluster has one parameter group, and what the one attaches the other would replace.',
      next: `Say the same of ${later.source.cluster.identifier} in both files.`,
      path,
      otherPath: path,
    },
  ];
}

/** What each teardown would put back is what the other one destroys. */
function eachOthersGroup(former: Environment, later: Environment): Conflict[] {
  const own = ({ name, source }: Environment) => parameterGroupName(name, 'source', source.cluster.majorVersion);
  const [one, other] = [former.source.cluster.parameterGroup, later.source.cluster.parameterGroup];
  if (one !== own(later) || other !== own(former)) return [];
  const path = ['source', 'cluster', 'parameterGroup'];
  return [
    {
      code: 'SOURCE_DESCRIBED_OTHERWISE',
      seen: `The parameterGroup of ${former.name} is ${one}, which this environment makes, and here it is ${other}, which ${former.name} makes.`,
      why: 'A teardown puts that group back: the group that production had before both is in neither file, and nothing would lead back to it.',
      next: 'In one of both files name the group that the cluster had before either environment.',
      path,
      otherPath: path,
    },
  ];
}

function parametersApart(one: ExtraParameters, other: ExtraParameters): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name])).sort();
}

function sameClone(former: Environment, later: Environment): Conflict[] {
  if (!sameSource(former, later) || former.target.accountId !== later.target.accountId) return [];
  return [
    {
      code: 'CLONE_TWICE',
      seen: `Account ${later.target.accountId} is to get a clone of ${later.source.cluster.identifier} from ${former.name} already.`,
      why: 'AWS allows one cross-account clone of a cluster in an account; the second deploy would fail at the clone, with slots that keep WAL in production.',
      next: 'Use another target account, or replicate what both need in one environment.',
      path: ['target', 'accountId'],
      otherPath: ['target', 'accountId'],
    },
  ];
}

function sameIdentifier(former: Environment, later: Environment): Conflict[] {
  const name = later.target.clone.identifier;
  if (former.target.accountId !== later.target.accountId || former.target.clone.identifier !== name) return [];
  return [
    {
      code: 'CLONE_NAME_TAKEN',
      seen: `The clone of ${former.name}, in the same account and Region, is called ${name} as well.`,
      why: 'RDS has each identifier once in an account and Region.',
      next: 'Give one of the two clones another identifier.',
      path: ['target', 'clone', 'identifier'],
      otherPath: ['target', 'clone', 'identifier'],
    },
  ];
}

function roles(former: Environment, later: Environment): Conflict[] {
  const roleOf = ({ name, replication }: Environment) => replication.role ?? replicationRole(name);
  const role = roleOf(later);
  if (!sameSource(former, later) || roleOf(former) !== role) return [];
  return [
    {
      code: 'ROLE_TAKEN',
      seen: `The role ${role} of the same cluster belongs to ${former.name} as well.`,
      why: 'Each environment sets a password of its own, and the other’s stream would be refused when it connects again.',
      next: 'Leave replication.role out, or name another one.',
      path: ['replication', 'role'],
      otherPath: ['replication', 'role'],
    },
  ];
}
