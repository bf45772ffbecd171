/** What an environment can go through, each with a command of its own. */
export const PHASES = ['prepare', 'bootstrap', 'grow', 'shrink', 'resync', 'repair', 'reset', 'teardown'] as const;
export type Phase = (typeof PHASES)[number];

/** From a clone in sync to another one, without and with the source made anew. */
export const RENEWAL = ['reset', 'bootstrap'] as const satisfies readonly Phase[];
export const REBUILD = ['teardown', 'prepare', 'bootstrap'] as const satisfies readonly Phase[];

/** From a clone in sync to the same one: tables come and go, one is copied anew, rows of one are mended. */
export const GROWTH = ['grow', 'shrink'] as const satisfies readonly Phase[];
export const MENDING = ['resync', 'repair'] as const satisfies readonly Phase[];

const FOLLOWING: readonly Phase[] = [...GROWTH, ...MENDING];
/** The clone follows before it and after it. */
export const isFollowing = (phase: Phase): boolean => FOLLOWING.includes(phase);

/**
 * Through each of these phases, by a whole way of each kind that has one of them: from nothing, or a clone in sync.
 * Those of a clone that follows come twice, as the first run on it has more to do.
 */
export function wayThrough(phases: readonly Phase[]): Phase[] {
  const has = (way: readonly Phase[]): boolean => way.some((phase) => phases.includes(phase));
  const once = [GROWTH, MENDING].filter(has).flat();
  const following = [...once, ...once];
  if (!has([...REBUILD, ...RENEWAL])) return following;
  return ['prepare', 'bootstrap', ...following, ...(has(['reset', 'teardown']) ? UNTIL_NOTHING : [])];
}
const UNTIL_NOTHING = ['reset', 'bootstrap', 'teardown'] as const satisfies readonly Phase[];

/** In the directory of the lab: what `verify --json` has printed. */
export const VERIFICATION = 'verify.json';
/** The table of database shop that is mended, as commands name it. */
export const MENDED = 'public.mended';

/** The command line of a phase as an operator gives it, in the directory of the lab. */
export function commandOf(phase: Phase): string[] {
  const approved = '--auto-approve';
  switch (phase) {
    case 'prepare':
      return ['apply', approved, '--allow-reboot'];
    case 'bootstrap':
    case 'grow':
    case 'shrink':
      return ['apply', approved];
    case 'resync':
      return ['resync', approved, MENDED];
    case 'repair':
      return ['repair', approved, '--from', VERIFICATION];
    case 'reset':
    case 'teardown':
      return [phase, approved];
  }
}

/** The one plain command that has to be enough after a fault. An apply carries an unfinished reset or resync on. */
export function remedyOf(phase: Phase): string[] {
  return commandOf(phase === 'reset' || phase === 'resync' ? 'bootstrap' : phase);
}
