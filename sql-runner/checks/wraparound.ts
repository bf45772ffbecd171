import type { Side } from '../../contract/contract';
import type { FreezeAge } from '../postgres/catalog/freeze-age';
import type { Found, SourceCheck, TargetCheck } from './check';

/** Autovacuum forces a freeze at 200 million: at five times that it does not get through. */
const LATE = 1_000_000_000;
/** The server refuses writes at about 2144 million (varsup.c, xidStopLimit). */
const URGENT = 1_800_000_000;

const source: SourceCheck = {
  code: 'SOURCE_NEAR_WRAPAROUND',
  stops: ['slot', 'ticket', 'connect'],
  holds: 'the source is far from transaction id wraparound',
  side: 'source',
  run: ({ freezeAges }) => late(freezeAges).map((age) => finding('source', age)),
};

const target: TargetCheck = {
  code: 'TARGET_NEAR_WRAPAROUND',
  stops: ['connect'],
  holds: 'the clone is far from transaction id wraparound',
  side: 'target',
  run: ({ freezeAges }) => late(freezeAges).map((age) => finding('target', age)),
};

const ageOf = (age: FreezeAge): number => Math.max(age.transactions, age.multixacts);
const late = (ages: readonly FreezeAge[]): FreezeAge[] => ages.filter((age) => ageOf(age) >= LATE);
const howOld = (age: FreezeAge): string =>
  `has rows that were not frozen for ${Math.round(ageOf(age) / 1e6)} million transactions`;

function finding(side: Side, age: FreezeAge): Found {
  return {
    severity: ageOf(age) >= URGENT ? 'block' : 'warn',
    seen: `database ${age.database} on the ${side === 'source' ? 'source' : 'clone'} ${howOld(age)}`,
    why: 'at 2147 million the server stops accepting writes, and replication with it; slots and long transactions hold freezing back',
    next: `drop slots that nobody reads and end old transactions, then there in database ${age.database}: VACUUM (FREEZE);`,
  };
}

export const wraparoundChecks = [source, target];
