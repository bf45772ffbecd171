/**
 * How a command may end. The numbers stay the same between versions: scripts branch on them. From 10 on they name
 * what was found, so that nobody has to read the text to tell a blocked run from a clone that lags behind.
 */
export const EXIT_CODES = {
  done: { code: 0, title: 'done', meaning: 'done, or nothing to do; what was looked at is well' },
  error: {
    code: 1,
    title: 'error',
    meaning:
      'an error, a usage error, a refusal, a plan that was declined, or a run that was stopped between two changes; `verify`, `schema`: something cannot be read',
  },
  changes: {
    code: 2,
    title: 'there are changes',
    meaning:
      '`plan --detailed-exitcode`: there are changes; `schema`: there are differences; `ddl check`: a statement needs an order of the sides, or was not judged',
  },
  blocked: {
    code: 10,
    title: 'blocked by a finding',
    meaning: 'a finding blocks, and somebody has to resolve it first; its code and what to do are printed',
  },
  notEqual: {
    code: 11,
    title: 'not equal',
    meaning: '`verify`, `repair`: rows differ for certain, or a table of the clone is not replicated any more',
  },
  notSettled: {
    code: 12,
    title: 'not settled',
    meaning:
      '`verify`: nothing differs for certain, but rows were in motion, or others waited for a table, until the time ran out',
  },
  notInSync: {
    code: 13,
    title: 'not in sync',
    meaning:
      'a stream was not seen to follow, or it is not proven that it holds every change; `apply` or `watch --until` waited in vain, or was told to stop waiting',
  },
  lockHeld: { code: 14, title: 'lock held by another run', meaning: 'another run on the environment holds the lock' },
  planStale: {
    code: 15,
    title: 'plan is stale',
    meaning: 'something that the plan rests on has changed since it was made; a new plan has to be made',
  },
  lagExceeded: {
    code: 16,
    title: 'lag or budget exceeded',
    meaning:
      '`status`: every stream follows, and one costs production more than its budget, or is further behind than `--max-lag`, or its lag cannot be read',
  },
  hungUp: {
    code: 129,
    title: 'ended by SIGHUP',
    meaning: 'ended at once by SIGHUP, as when the terminal is closed',
  },
  interrupted: { code: 130, title: 'ended by Ctrl-C', meaning: 'ended at once by Ctrl-C' },
  unread: { code: 141, title: 'nobody reads', meaning: 'whoever read stdout has gone, as `head` does after its lines' },
  terminated: { code: 143, title: 'ended by SIGTERM', meaning: 'ended at once by SIGTERM' },
} as const;

export type ExitKind = keyof typeof EXIT_CODES;

/**
 * Where several are so at once, the first of these is told: what is certain before what is in doubt, what somebody has
 * to do before what may pass by itself. A signal ends the process whatever else is so, and is in no contest.
 */
export const PRECEDENCE = [
  'notEqual',
  'error',
  'lockHeld',
  'planStale',
  'blocked',
  'notInSync',
  'lagExceeded',
  'notSettled',
  'changes',
  'done',
] as const satisfies readonly ExitKind[];

type Found = (typeof PRECEDENCE)[number];

/** The code of the gravest of what is so; 0 where nothing is. */
export function exitCode(...kinds: readonly Found[]): number {
  const gravest = PRECEDENCE.find((kind) => kinds.includes(kind)) ?? 'done';
  return EXIT_CODES[gravest].code;
}

const RUN: readonly ExitKind[] = [
  'done',
  'error',
  'blocked',
  'lockHeld',
  'planStale',
  'hungUp',
  'interrupted',
  'terminated',
];
const SHOW: readonly ExitKind[] = ['hungUp', 'interrupted', 'unread', 'terminated'];

/** Which of them each command may end with. */
export const EXITS_OF_COMMAND: Readonly<Record<string, readonly ExitKind[]>> = {
  doctor: ['done', 'error', 'blocked', ...SHOW],
  plan: ['done', 'error', 'changes', 'blocked', 'notInSync', ...SHOW],
  apply: [...RUN, 'notInSync'],
  status: ['done', 'error', 'notInSync', 'lagExceeded', ...SHOW],
  watch: ['done', 'error', 'notInSync', ...SHOW],
  serve: ['done', 'error', ...SHOW],
  verify: ['done', 'error', 'notEqual', 'notSettled', 'notInSync', ...SHOW],
  hold: [...RUN, 'notInSync'],
  resume: [...RUN, 'notInSync'],
  rotate: [...RUN, 'notInSync'],
  sequences: RUN,
  refresh: RUN,
  'large-objects': RUN,
  skip: [...RUN, 'notInSync'],
  resync: [...RUN, 'notInSync'],
  repair: [...RUN, 'notInSync', 'notEqual'],
  reset: RUN,
  teardown: RUN,
  rollout: [...RUN, 'notInSync'],
  schema: ['done', 'error', 'changes', ...SHOW],
  history: ['done', 'error', ...SHOW],
  ddl: ['done', 'error', 'changes', 'blocked', 'notInSync', ...SHOW],
  completion: ['done', 'error'],
  help: ['done', 'error'],
};
