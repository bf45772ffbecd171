/** What an environment can go through, each with a command of its own. */
export const PHASES = ['prepare', 'bootstrap', 'reset', 'teardown'] as const;
export type Phase = (typeof PHASES)[number];

/** From a clone in sync to another one, without and with the source made anew. */
export const RENEWAL = ['reset', 'bootstrap'] as const satisfies readonly Phase[];
export const REBUILD = ['teardown', 'prepare', 'bootstrap'] as const satisfies readonly Phase[];

/** The command line of a phase as an operator gives it. */
export function commandOf(phase: Phase): string[] {
  if (phase === 'prepare') return ['apply', '--auto-approve', '--allow-reboot'];
  return [phase === 'bootstrap' ? 'apply' : phase, '--auto-approve'];
}

/** The one plain command that has to be enough after a fault. An apply carries an unfinished reset on. */
export function remedyOf(phase: Phase): string[] {
  return commandOf(phase === 'reset' ? 'bootstrap' : phase);
}
