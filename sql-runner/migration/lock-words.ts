import type { Effects, Lock } from './verdict';

/** As the manual calls it, and what waits for it (13.3.1, Table-Level Locks). */
const MODES: Readonly<Record<string, { name: string; stops: string; strength: number }>> = {
  RowShareLock: { name: 'ROW SHARE', stops: '', strength: 1 },
  RowExclusiveLock: { name: 'ROW EXCLUSIVE', stops: '', strength: 2 },
  ShareUpdateExclusiveLock: { name: 'SHARE UPDATE EXCLUSIVE', stops: 'other DDL and VACUUM wait', strength: 3 },
  ShareLock: { name: 'SHARE', stops: 'writers wait', strength: 4 },
  ShareRowExclusiveLock: { name: 'SHARE ROW EXCLUSIVE', stops: 'writers wait', strength: 5 },
  ExclusiveLock: { name: 'EXCLUSIVE', stops: 'writers wait', strength: 6 },
  AccessExclusiveLock: { name: 'ACCESS EXCLUSIVE', stops: 'readers and writers wait', strength: 7 },
};

export type Duration = 'brief' | 'scan' | 'rewrite';

export interface LockSaid {
  readonly table: string;
  readonly mode: string;
  readonly stops: string;
  /** How long it is held: a moment, as long as a reading of the table takes, or as long as writing it anew does. */
  readonly duration: Duration;
}

/** The strongest lock of each table. */
export function locksSaid(effects: Effects): readonly LockSaid[] {
  const strongest = new Map<string, Lock>();
  for (const lock of effects.locks) {
    const other = strongest.get(lock.table);
    if (other === undefined || strength(lock) > strength(other)) strongest.set(lock.table, lock);
  }
  return [...strongest.values()].map(({ table, mode }) => ({
    table,
    mode: MODES[mode]?.name ?? mode,
    stops: MODES[mode]?.stops ?? '',
    duration: effects.rewrites.includes(table) ? 'rewrite' : effects.scans.includes(table) ? 'scan' : 'brief',
  }));
}

const strength = ({ mode }: Lock): number => MODES[mode]?.strength ?? 0;
