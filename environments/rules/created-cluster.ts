import type { DocumentPath, Problem } from '../../errors/problem';
import { createdSettings, type CreatedSettings } from '../created-settings';
import type { Environment } from '../schema';

const CREATE = ['source', 'cluster', 'create'];
/** Instances are called <identifier>-<number>. */
const LONGEST = 60;

interface Slip {
  readonly at: DocumentPath;
  readonly seen: string;
  readonly why: string;
  readonly next: string;
  readonly code?: Problem['code'];
}

/** What RDS takes of a new cluster only in certain combinations. */
export function createdClusterRules(environment: Environment): Problem[] {
  const { mode, create, identifier } = environment.source.cluster;
  if (mode !== 'create' || create === undefined) return [];
  const settings = createdSettings(environment);
  const slips: (Slip | undefined)[] = [
    subnets(settings),
    key(environment, settings),
    serverless(settings),
    capacity(settings),
    pinned(settings),
    retention(settings),
    advanced(settings),
    windows(settings),
    proxySubnets(settings),
  ];
  return [
    ...(identifier.length <= LONGEST ? [] : [tooLong(identifier)]),
    ...slips.flatMap((slip) => {
      if (slip === undefined) return [];
      const { at, code = 'BAD_VALUE', ...text } = slip;
      return [{ code, ...text, path: [...CREATE, ...at], atKey: true }];
    }),
  ];
}

function tooLong(identifier: string): Problem {
  return {
    code: 'BAD_IDENTIFIER',
    seen: `"${identifier}" has ${identifier.length} characters.`,
    why: 'Its instances are called <identifier>-<number>, for which RDS has 63 characters.',
    next: `Use a name of at most ${LONGEST} characters.`,
    path: ['source', 'cluster', 'identifier'],
  };
}

function subnets({ network }: CreatedSettings): Slip | undefined {
  const { subnetIds, subnetGroup } = network;
  if ((subnetIds === undefined) !== (subnetGroup === undefined)) return undefined;
  const seen = `source.cluster.create.network has ${subnetIds === undefined ? 'neither' : 'both'} subnetIds ${subnetIds === undefined ? 'nor' : 'and'} subnetGroup.`;
  return {
    code: subnetIds === undefined ? 'MISSING_SETTING' : 'BAD_VALUE',
    at: ['network'],
    seen,
    why: 'A cluster is in one subnet group: a new one of these subnets, or one that there is.',
    next: 'Give one of the two.',
  };
}

function key({ kms }: Environment, { encrypted }: CreatedSettings): Slip | undefined {
  if (encrypted === (kms.sourceKeyArn !== undefined)) return undefined;
  if (!encrypted) {
    return {
      at: ['storage', 'encrypted'],
      seen: 'source.cluster.create.storage.encrypted is false, and kms.sourceKeyArn names a key.',
      why: 'The key would encrypt nothing, and a clone of a cluster that is not encrypted takes none.',
      next: 'Remove one of the two.',
    };
  }
  return {
    code: 'KMS_SOURCE_KEY_MISSING',
    at: ['storage', 'encrypted'],
    seen: 'The new cluster is to be encrypted, and kms.sourceKeyArn names no key.',
    why: 'RDS would take its default key, which cannot be shared: no clone in another account could be made.',
    next: 'State a customer managed key as kms.sourceKeyArn, or write storage: { encrypted: false }.',
  };
}

function serverless({ instanceClass, serverlessV2, readers }: CreatedSettings): Slip | undefined {
  const classes = [instanceClass, ...readers.flatMap((reader) => reader.instanceClass ?? [])];
  if (classes.includes('db.serverless') === (serverlessV2 !== undefined)) return undefined;
  return {
    code: 'SERVERLESS_MISMATCH',
    at: ['serverlessV2'],
    seen: `The class is ${classes.join(', ')} ${serverlessV2 ? 'with' : 'without'} serverlessV2.`,
    why: 'RDS takes the class db.serverless and a capacity range only together.',
    next: serverlessV2
      ? 'For Serverless v2 leave instanceClass out; otherwise leave serverlessV2 out.'
      : 'Give serverlessV2 its minCapacity and maxCapacity, or choose another instanceClass.',
  };
}

function capacity({ serverlessV2 }: CreatedSettings): Slip | undefined {
  if (serverlessV2 === undefined || serverlessV2.minCapacity <= serverlessV2.maxCapacity) return undefined;
  return {
    code: 'BAD_CAPACITY',
    at: ['serverlessV2'],
    seen: `minCapacity is ${serverlessV2.minCapacity} and maxCapacity ${serverlessV2.maxCapacity}.`,
    why: 'A range ends above its start.',
    next: 'Set minCapacity ≤ maxCapacity.',
  };
}

function pinned({ minorVersion, autoMinorVersionUpgrade }: CreatedSettings): Slip | undefined {
  if (minorVersion === undefined || !autoMinorVersionUpgrade) return undefined;
  return {
    at: ['autoMinorVersionUpgrade'],
    seen: `autoMinorVersionUpgrade is true, and minorVersion ${minorVersion}.`,
    why: 'Once RDS has raised the version, each plan would lower it again, which RDS refuses.',
    next: 'Remove one of the two.',
  };
}

function retention({ insights }: CreatedSettings): Slip | undefined {
  const { retentionDays: days } = insights;
  if (days === 7 || days === 731 || days % 31 === 0) return undefined;
  return {
    at: ['insights', 'retentionDays'],
    seen: `source.cluster.create.insights.retentionDays is ${days}.`,
    why: 'RDS keeps this history for 7 days, for 731, or for whole months of 31.',
    next: `Write ${Math.max(1, Math.round(days / 31)) * 31}, 7 or 731.`,
  };
}

function advanced({ insights }: CreatedSettings): Slip | undefined {
  if (insights.mode === 'standard' || insights.retentionDays === 465) return undefined;
  return {
    at: ['insights', 'mode'],
    seen: `source.cluster.create.insights.mode is advanced, with ${insights.retentionDays} days.`,
    why: 'The advanced mode of Database Insights keeps 15 months (ModifyDBCluster, DatabaseInsightsMode).',
    next: 'Write retentionDays: 465 beside it, or mode: standard.',
  };
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const WEEK = 7 * 1440;
const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function windows({ backup, maintenanceWindow }: CreatedSettings): Slip | undefined {
  const [first = '', last = ''] = maintenanceWindow.split('-');
  const inWeek = (text: string) => DAYS.indexOf(text.slice(0, 3)) * 1440 + minutes(text.slice(4));
  const [begin = '', end = ''] = backup.window.split('-');
  const daily = (minutes(end) - minutes(begin) + 1440) % 1440;
  const weekly = (inWeek(last) - inWeek(first) + WEEK) % WEEK;
  if (daily < 30) return tooShort(['backup', 'window'], backup.window);
  if (weekly < 30) return tooShort(['maintenanceWindow'], maintenanceWindow);
  const overlaps = DAYS.some((_, day) => {
    const start = day * 1440 + minutes(begin);
    const after = (from: number, to: number) => (to - from + WEEK) % WEEK;
    return after(inWeek(first), start) < weekly || after(start, inWeek(first)) < daily;
  });
  if (!overlaps) return undefined;
  return {
    at: ['backup', 'window'],
    seen: `Backups begin in ${backup.window}, and maintenance is in ${maintenanceWindow}.`,
    why: 'RDS refuses windows that overlap.',
    next: 'Move one of the two: backup.window or maintenanceWindow.',
  };
}

function tooShort(at: DocumentPath, window: string): Slip {
  return {
    at,
    seen: `The window ${window} is shorter than 30 minutes.`,
    why: 'RDS refuses it.',
    next: 'Make it longer.',
  };
}

function proxySubnets({ proxy, network }: CreatedSettings): Slip | undefined {
  if (!proxy || network.subnetIds !== undefined) return undefined;
  return {
    at: ['proxy'],
    seen: 'source.cluster.create.proxy is true, and the subnets are those of a group that there is.',
    why: 'A proxy is told its subnets one by one.',
    next: 'Give network.subnetIds in place of subnetGroup.',
  };
}
