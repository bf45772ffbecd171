import type { Code } from '../../../errors/codes';
import type { CheckOutcome } from '../../../sql-runner/checks/preflight';
import { changeOf, sqlChange, type Change, type Finding } from '../../../sql-runner/model/change';
import { type Plan } from '../../../sql-runner/model/plan';
import { withDelays, withLimits, withNextClone, withPreflight } from '../../../sql-runner/plan/plan-preflight';
import { CONNINFO_SETTING } from '../../../sql-runner/postgres/text/conninfo';
import { withSecret } from '../../../sql-runner/resources/secret-statement';
import { sourceContract } from '../support/contract';
import { edit } from '../support/observations';
import { healthySource, surveyedSlot } from '../support/surveys';
import { streamsOf } from '../../../sql-runner/model/streams';

const place = (side: 'source' | 'target') => ({ side, database: 'shop' });
const sql = (side: 'source' | 'target', ...statements: { text: string }[]): Change =>
  sqlChange({
    address: { ...place(side), kind: 'x' },
    action: 'create',
    reason: 'r',
    place: place(side),
    guards: [],
    statements,
  });
const doing = (side: 'source' | 'target', operation: Change['operation']): Change =>
  changeOf({ address: { side, kind: 'x' }, action: 'create', reason: 'r', preview: [], operation });
const SLOT = doing('source', { kind: 'create-slot', place: place('source'), slot: 's' });
const TICKET = doing('source', {
  kind: 'issue-ticket',
  parameter: '/t',
  environment: 'demo',
  nonce: null,
  entries: [],
});
const PASSWORD = doing('source', {
  kind: 'set-role-password',
  place: place('source'),
  role: 'acas_demo',
  secretArn: 'arn',
  version: 'v',
});
const CONNECT = sql(
  'target',
  { text: 'SELECT 1' },
  withSecret(`format('%s', current_setting('${CONNINFO_SETTING}'))`, CONNINFO_SETTING),
);
const PLAIN = sql('target', { text: 'SELECT 1' });

const finding = (code: string, severity: Finding['severity'] = 'block', more: Partial<Finding> = {}): Finding => ({
  code: code as Code,
  severity,
  seen: 's',
  why: 'w',
  next: 'n',
  ...more,
});
const plan = (changes: readonly Change[], findings: readonly Finding[] = []): Plan => ({
  mode: 'apply',
  environment: 'demo',
  changes,
  findings,
  nextStep: { command: 'c', reason: 'r' },
  fingerprint: 'f',
});
const outcome = (findings: Finding[] | null, side: 'source' | 'target' = 'source', keepsSecrets?: true) =>
  ({ check: { code: 'C', holds: 'h', side, keepsSecrets, run: () => [] }, findings }) as unknown as CheckOutcome;
const told = ({ changes, findings }: Plan) => [changes.length, ...findings.map(({ code }) => code)];

describe('what the preflight blocks', () => {
  test('stops a plan with a step of which it is said, and is told beside what the plan says itself', () => {
    const before = plan([SLOT, PLAIN], [finding('W', 'warn')]);
    const blocking = [
      outcome([finding('PUBLISH', 'block', { stops: ['publish'] })]),
      outcome([finding('SLOT', 'block', { stops: ['slot'] })]),
    ];
    const stopped = withPreflight(before, blocking);
    expect(told(stopped)).toEqual([0, 'W', 'PUBLISH', 'SLOT']);
    expect(stopped.nextStep).toBeNull();
    const going = withPreflight(before, blocking.slice(0, 1));
    expect([told(going), going.nextStep]).toEqual([[2, 'W', 'PUBLISH'], before.nextStep]);
    // Of what stops the plan it is no longer said that it leaves other steps alone.
    expect([stopped, going].map(({ findings }) => findings.map(({ stops }) => stops))).toEqual([
      [undefined, ['publish'], undefined],
      [undefined, ['publish']],
    ]);
  });

  test('is left to doctor where planning itself is blocked', () => {
    const blocked = plan([], [finding('ITSELF')]);
    expect(withPreflight(blocked, [outcome([finding('X')])])).toBe(blocked);
  });

  test('is no question of checks that were skipped, nor of warnings', () => {
    const before = plan([SLOT]);
    expect(withPreflight(before, [outcome(null), outcome([finding('W', 'warn'), finding('I', 'info')])])).toBe(before);
  });
});

describe('what would keep a secret', () => {
  const keepers = (['source', 'target'] as const).flatMap((side) => [
    outcome([finding(`${side} KEEPS`, 'warn')], side, true),
    outcome([finding(`${side} OTHER`, 'warn')], side),
    outcome(null, side, true),
  ]);
  const said = (changes: Change[], more: CheckOutcome[] = []) =>
    told(withPreflight({ ...plan(changes, [finding('W', 'warn')]), nextStep: null }, [...keepers, ...more]));

  test.each<[string, Change[], unknown[]]>([
    ['a password that is set', [PASSWORD, SLOT], [2, 'W', 'source KEEPS']],
    ['a connection that is written', [CONNECT, SLOT], [2, 'W', 'target KEEPS']],
    ['both', [PASSWORD, CONNECT], [2, 'W', 'source KEEPS', 'target KEEPS']],
    ['none', [SLOT, PLAIN], [2, 'W']],
  ])('is told before a plan sends %s', (_, changes, expected) => {
    expect(said(changes)).toEqual(expected);
  });

  test('is told after what blocks and stops no step of the plan, and not at all where that stops it', () => {
    const blocks = (...stops: ('slot' | 'role')[]) => [outcome([finding('B', 'block', { stops })])];
    expect(said([PASSWORD], blocks('slot'))).toEqual([1, 'W', 'B', 'source KEEPS']);
    expect(said([PASSWORD], blocks('role'))).toEqual([0, 'W', 'B']);
  });
});

describe('limits that a clone would not start with', () => {
  const contract = sourceContract();
  const { server } = healthySource(contract);
  const source = { server, prepared: [], slots: [], origins: [] };
  const exceeding = {
    ...source,
    server: { ...server, maxPreparedTransactions: 5 },
    prepared: [{ gid: 'g', owner: 'o', database: 'shop', ageSeconds: 1 }],
  };

  test('stop a plan after which one is taken, beside what the plan says itself', () => {
    const before = plan([TICKET], [finding('W', 'warn')]);
    expect(withLimits(before, contract, source)).toBe(before);
    const stopped = withLimits(before, contract, exceeding);
    expect([told(stopped), stopped.nextStep]).toEqual([[0, 'W', 'LIMIT_BELOW_USE'], null]);
  });
});

test('what the creation of a slot waits for is told beside what the plan says itself', () => {
  const waits = { openWrites: [], prepared: [{ gid: 'g', owner: 'o', database: 'shop', ageSeconds: 60 }] };
  const findings = [finding('W', 'warn')];
  expect(told(withDelays(plan([PLAIN, SLOT], findings), waits))).toEqual([2, 'W', 'PREPARED_TRANSACTION']);
  expect(told(withDelays(plan([PLAIN, TICKET], findings), waits))).toEqual([2, 'W']);
});

describe('before a reset', () => {
  const contract = sourceContract(['shop', 'ledger']);
  contract.parameterGroup.parameters['max_replication_slots'] = '3';
  const reset = (others: number, changes: Change[] = []) => {
    const names = Array.from({ length: others }, (_, index) => `other_${index}`);
    const source = edit(healthySource(contract), ({ slots, databases }) => {
      slots.push(...names.map((name) => surveyedSlot(name)));
      Object.assign(databases.shop!.keptStatements, { tracked: true });
    });
    const drops = streamsOf(contract).map(({ database, stream: { slot } }) =>
      doing('source', { kind: 'drop-slot', place: { side: 'source', database }, slot }),
    );
    return withNextClone({ ...plan([...drops, SLOT, TICKET, ...changes]), mode: 'reset' }, contract, source);
  };

  test("others' slots count for the clone after it, and ours as they will be", () => {
    expect(told(reset(1))).toEqual([4]);
    expect(told(reset(2))).toEqual([0, 'LIMIT_BELOW_USE']);
  });

  test('what would keep a secret that it sends is told as well', () => {
    expect(told(reset(0, [PASSWORD]))).toEqual([5, 'SOURCE_STATISTICS_KEEP_SECRETS']);
  });
});
