import { newClone } from '../model/streams';
import type { SourceContract } from '../../contract/contract';
import type { Found, SourceCheck, TargetCheck } from './check';

/** First minor version of each major with aurora_volume_logical_start_lsn() (Aurora user guide, Aurora PostgreSQL functions). */
const SEED_SINCE: Readonly<Record<number, number>> = { 10: 20, 11: 15, 12: 10, 13: 6, 14: 3, 15: 2 };

const seedFunction: SourceCheck = {
  code: 'ENGINE_TOO_OLD',
  stops: ['publish', 'slot', 'ticket', 'connect'],
  holds: "the engine version can tell a clone's seed LSN",
  side: 'source',
  run: (_, { contract, connected }) => {
    const { engineVersion, identifier } = contract.cluster;
    if (connected || hasSeedFunction(engineVersion)) return [];
    return [
      {
        severity: 'block',
        seen: `cluster ${identifier} runs Aurora PostgreSQL ${engineVersion}, which has no aurora_volume_logical_start_lsn()`,
        why: 'a clone of it could not tell which WAL position its data stands at, and no other function is a substitute',
        next: `upgrade the source to 10.20, 11.15, 12.10, 13.6, 14.3, 15.2 or later, then cdktf deploy ${contract.stacks.source}`,
      },
    ];
  },
};

function hasSeedFunction(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 16 || minor >= (SEED_SINCE[major] ?? Number.POSITIVE_INFINITY);
}

const sameMajor: TargetCheck = {
  code: 'MAJOR_VERSIONS_DIFFER',
  stops: ['connect'],
  holds: 'source and clone run the same major version',
  side: 'target',
  run: ({ server }, { contract, connected, source }) => {
    const found = majorsDiffer(contract, source?.server.versionNum ?? server.versionNum, server.versionNum, connected);
    return found === null ? [] : [found];
  },
};

/** The slots and the seed LSN of a clone are those of the version that it was taken from. */
export function majorsDiffer(
  contract: SourceContract,
  source: number,
  target: number,
  connected: boolean,
): Found | null {
  const [theirs, ours] = [majorOf(source), majorOf(target)];
  if (ours === theirs) return null;
  return {
    // Connected, a newer clone is how a major upgrade is rehearsed.
    severity: connected ? 'info' : 'block',
    seen: `the source runs PostgreSQL ${theirs}, the clone ${ours}`,
    why: 'before it is connected a clone has the version of its source: an upgrade in between loses the seed LSN',
    next: connected
      ? `nothing, if the clone was upgraded on purpose; if not, ${newClone(contract)}`
      : `${newClone(contract)}; upgrade it once it follows`,
  };
}

const majorOf = (versionNum: number): number => Math.floor(versionNum / 10_000);

export const engineVersionChecks = [seedFunction, sameMajor];
