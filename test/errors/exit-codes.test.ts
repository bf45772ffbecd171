import { errorsBelow } from '../../docs/generate/error-sources';
import { CODES, type Code } from '../../errors/codes';
import { EXIT_CODES, EXITS_OF_COMMAND, exitCode, PRECEDENCE, type ExitKind } from '../../errors/exit-codes';
import { exitOfCodes, exitOfError, KIND_OF_CODE } from '../../errors/exit-of-error';
import { OperatorError } from '../../errors/operator-error';
import { program } from '../../sql-runner/program';

const SIGNALS: readonly ExitKind[] = ['hungUp', 'interrupted', 'unread', 'terminated'];
const parts = { seen: 's', why: 'w', next: 'n' };

test('scripts wait for these numbers: they never change', () => {
  const numbers = Object.fromEntries(Object.entries(EXIT_CODES).map(([kind, { code }]) => [kind, code]));
  expect(numbers).toEqual({
    done: 0,
    error: 1,
    changes: 2,
    blocked: 10,
    notEqual: 11,
    notSettled: 12,
    notInSync: 13,
    lockHeld: 14,
    planStale: 15,
    lagExceeded: 16,
    hungUp: 129,
    interrupted: 130,
    unread: 141,
    terminated: 143,
  });
});

test('each but those of signals has one place in the precedence', () => {
  const kinds = Object.keys(EXIT_CODES).filter((kind) => !SIGNALS.includes(kind as ExitKind));
  expect([...PRECEDENCE].sort()).toEqual(kinds.sort());
});

test.each(PRECEDENCE.flatMap((graver, index) => PRECEDENCE.slice(index).map((other) => [graver, other] as const)))(
  '%s is told before %s',
  (graver, other) => {
    expect([exitCode(graver, other), exitCode(other, graver)]).toEqual(Array(2).fill(EXIT_CODES[graver].code));
  },
);

test('where nothing is so, all is done', () => expect([exitCode(), exitOfCodes([])]).toEqual([0, 0]));

test('what blocks a plan never ends as an error of another kind', () => {
  const blocking = errorsBelow('sql-runner').filter(({ severity }) => severity?.includes('block'));
  expect(blocking.length).toBeGreaterThan(50);
  const others = blocking.filter(({ code }) => !['blocked', 'notInSync'].includes(KIND_OF_CODE[code as Code]));
  expect(others.map(({ code }) => code)).toEqual([]);
});

test.each<[Code, number]>([
  ['SOURCE_NOT_DEPLOYED', 1],
  ['CONNECT_REFUSED', 1],
  ['CONSENT_MISSING', 1],
  ['INTERNAL_ERROR', 1],
  ['SLOT_CONSUMED', 10],
  ['CHANGES_OPEN', 10],
  ['REPLICA_IDENTITY_MISSING', 10],
  ['ROLE_NAME_TAKEN', 10],
  ['COLUMNS_DIFFER', 10],
  ['CLONE_NOT_UNDER_TICKET', 10],
  ['VERIFY_GAVE_WAY', 12],
  ['NOT_IN_SYNC', 13],
  ['APPLY_WORKER_FAILING', 13],
  ['SLOT_LOST', 13],
  ['LOCK_HELD', 14],
  ['PLAN_STALE', 15],
])('%s ends with %d', (code, exit) => {
  expect(exitOfError(new OperatorError({ code, ...parts }))).toBe(exit);
});

test('of several that stand in the way the gravest counts, whichever is told first', () => {
  const first = new OperatorError({ code: 'NOT_IN_SYNC', ...parts, also: ['SLOT_CONSUMED'] });
  expect([exitOfError(first), first.toJSON().also]).toEqual([10, ['SLOT_CONSUMED']]);
  expect(new OperatorError({ code: 'NOT_IN_SYNC', ...parts }).toJSON()).not.toHaveProperty('also');
});

test('each code has a kind, and no kind is of no code', () => {
  expect(Object.keys(KIND_OF_CODE).sort()).toEqual(Object.keys(CODES).sort());
});

test('each command says what it may end with, the lines in 80 columns', () => {
  const { commands } = program(() => undefined);
  expect(commands.map((command) => command.name()).sort()).toEqual(Object.keys(EXITS_OF_COMMAND).sort());
  for (const command of commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    const said = /\nExit codes:\n((?: {2}.+\n)+)/.exec(help)?.[1] ?? '';
    const codes = [...said.matchAll(/^ {2}(\d+) +\S/gm)].map(([, code]) => Number(code));
    const own = EXITS_OF_COMMAND[command.name()]!.map((kind) => EXIT_CODES[kind].code as number);
    expect(codes).toEqual(own.sort((a, b) => a - b));
    expect(said.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});
