import type { Finding } from '../../../sql-runner/model/change';
import { ACCEPTABLE_CODES } from '../../../contract/acceptable-codes';
import { allChecks } from '../../../sql-runner/checks/all-checks';
import { runChecks } from '../../../sql-runner/checks/preflight';
import { isBlocked, isIdleButUnwell } from '../../../sql-runner/model/plan';
import { withPreflight } from '../../../sql-runner/plan/plan-preflight';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { refuseBlocked } from '../../../sql-runner/actions/run';
import { refuses } from '../../../sql-runner/model/steps';
import { edit, following, untouched } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { FIRES } from './fires';
import { around, made } from '../support/production';
import { after, contract, root, type Edit } from './provocations';

/** It takes another contract: see wal-budget.test.ts and live-counters.test.ts. */
const ELSEWHERE = ['WAL_BUDGET_EXCEEDED'] as const;

test.each(FIRES)('%s (%s) fires, alone, with its fix', (code, severity, change, next) => {
  const found = after(change);
  expect(found).toMatchObject([
    { code, severity, seen: expect.any(String), why: expect.any(String), next: expect.stringContaining(next) },
  ]);
  // Only what blocks can say which steps it stops.
  if (severity !== 'block') expect(found[0]!.stops).toBeUndefined();
});

test('too few processes for the workers is also too few for everything else', () => {
  const findings = after(({ target }) => (target.server.maxWorkerProcesses = 1));
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    'TARGET_PROCESSES_TOO_FEW block',
    'TARGET_PROCESSES_SHARED warn',
  ]);
  // What is there goes on meanwhile.
  expect(findings[0]!.stops).toEqual(['connect']);
});

test('every check fires in one of these tests, and has a code of its own', () => {
  const codes = allChecks().map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const fired = new Set([...FIRES.map(([code]) => code), 'TARGET_PROCESSES_TOO_FEW', ...ELSEWHERE]);
  expect(codes.filter((code) => !fired.has(code))).toEqual([]);
});

test('a slot near its limit is at risk, one that has room is not; what nobody reads is sooner', () => {
  const MB = 1024 * 1024;
  const near = (safeWalSize: number, active = true) =>
    after(({ source }) => {
      source.server.maxSlotWalKeepSize = 1000;
      Object.assign(source.slots[0]!, { safeWalSize, active });
    }).map(({ code }) => code);
  expect(near(250 * MB - 1)).toEqual(['SLOT_WAL_LIMITED', 'SLOT_AT_RISK']);
  expect(near(250 * MB)).toEqual(['SLOT_WAL_LIMITED']);
  expect(near(500 * MB - 1, false)).toContain('SLOT_AT_RISK');
  expect(near(500 * MB, false)).not.toContain('SLOT_AT_RISK');
});

test('of routes that the target stack makes it is not said that they were looked at', () => {
  const wayBack = { routeTableIds: ['rtb-0b2222222222222b2'], cidrs: ['10.10.0.0/16'] };
  const told = (surroundings: ReturnType<typeof around> | null) =>
    runChecks(contract, { ...healthy(contract), surroundings })
      .filter(({ check }) => check.code === 'PRODUCTION_NOT_ROUTED')
      .map(({ findings }) => findings);
  expect(told(around(made()))).toEqual([]);
  expect(told(around(made({ peeringConnectionId: null, wayBack })))).toEqual([[]]);
  expect(told(null)).toEqual([null]);
});

test('a side that was not read is skipped, and the other is checked', () => {
  const { source, target, streams } = healthy(contract);
  const surroundings = around(made());
  const silent = (survey: Parameters<typeof runChecks>[1]) =>
    new Set(
      runChecks(contract, { surroundings, ...survey }).flatMap(({ check, findings }) =>
        findings === null ? [check.side] : [],
      ),
    );
  expect(silent({ source, target: null, streams })).toEqual(new Set(['target']));
  expect(silent({ source: null, target, streams })).toEqual(new Set(['source', 'target']));
  expect(silent({ source, target, shapes: {}, streams: null })).toEqual(new Set(['streams']));
  expect(silent({ source, target, streams })).toEqual(new Set(['target']));
  expect(silent({ source, target })).toEqual(new Set(['target', 'streams']));
  expect(silent({ source, target, shapes: {}, streams, surroundings: null })).toEqual(new Set(['production']));
  // Of the clone's checks those that compare it with the source.
  const compared = runChecks(contract, { source: null, target }).filter(({ check }) => check.side === 'target');
  expect(compared.filter(({ check, findings }) => (findings === null) !== 'both' in check)).toEqual([]);
});

test('capacity can be acknowledged, correctness cannot', () => {
  const world = edit(healthy(contract), (draft) => {
    draft.contract.acknowledge = ['SOURCE_SENDERS_TOO_FEW', 'ROLE_NEEDS_IAM'];
    draft.source.server.maxWalSenders = 0;
    draft.source.role!.memberOfRdsIam = true;
  });
  expect(findingsOf(world)).toMatchObject([
    { code: 'SOURCE_SENDERS_TOO_FEW', severity: 'info', seen: expect.stringContaining('acknowledged') },
    { code: 'ROLE_NEEDS_IAM', severity: 'block' },
  ]);
});

test('only codes that exist can be acknowledged, and none that reads or writes wrong data', () => {
  const known = [
    ...allChecks().map(({ code }) => code),
    'HEARTBEAT_SENT_TO_OTHERS',
    'NEW_PARTITIONS_REFUSE_WRITES',
    'SOURCE_SLOTS_TOO_FEW',
    'TARGET_WORKERS_TOO_FEW',
  ];
  expect(ACCEPTABLE_CODES.filter((code) => !known.includes(code))).toEqual([]);
  const blocking = new Set(FIRES.filter(([, severity]) => severity === 'block').map(([code]) => code));
  expect([...blocking].filter((code) => !(ACCEPTABLE_CODES as readonly string[]).includes(code)).sort()).toEqual([
    'APPLY_WORKER_FAILING',
    'APPLY_WORKER_SILENT',
    'APPLY_WORKER_STOPPED',
    'APPLY_WORKER_WAITS',
    'CLONE_NOT_LET_IN',
    'CLONE_NOT_ROUTED',
    'CLONE_REFUSES_CHANGES',
    'COLUMNS_DIFFER',
    'COLUMN_RENAMED',
    'COLUMN_TYPE_DIFFERS',
    'CONNECTION_ALTERED',
    'CONSTRAINT_ONLY_ON_CLONE',
    'DDL_STOPPED',
    'DOMAIN_STRICTER_ON_CLONE',
    'ENGINE_TOO_OLD',
    'ENHANCED_REPLICATION_CHANGES',
    'ENUM_LABELS_EXCHANGED',
    'ENUM_LABEL_MISSING',
    'FULL_IDENTITY_EXTRA_COLUMN',
    'FULL_IDENTITY_UNMATCHABLE',
    'FUNCTION_NEEDS_SEARCH_PATH',
    'GENERATED_COLUMN_DIFFERS',
    'KEY_DIFFERS',
    'KEY_POLICY_LACKS',
    'LIMIT_BELOW_USE',
    'MAJOR_VERSIONS_DIFFER',
    'MONEY_FORMS_DIFFER',
    'NEW_TABLE_ARRIVING',
    'ORIGIN_NOT_ALLOWED',
    'OWNER_LACKS_RIGHTS',
    'PARTITION_DIFFERS',
    'PARTITION_ONLY_ON_CLONE',
    'PRODUCTION_NOT_ROUTED',
    'REPLICATION_NOT_ALLOWED',
    'ROLE_CANNOT_CONNECT',
    'ROLE_CANNOT_REPLICATE',
    'ROLE_NEEDS_IAM',
    'ROLE_NOT_MANAGEABLE',
    'ROLE_PASSWORD_EXPIRES',
    'ROW_SECURITY_STOPS_APPLY',
    'SEED_LSN_NOT_ALLOWED',
    'SETTING_HARMS_APPLY',
    'SOURCE_REFUSES_LOGIN',
    'SOURCE_SCHEMA_CLOSED',
    'STREAM_NOT_STREAMING',
    'SUBSCRIPTION_ALTERED',
    'SUBSCRIPTION_DISABLED',
    'SUBSCRIPTION_FOR_SUPERUSERS',
    'SUBSCRIPTION_NOT_ALLOWED',
    'SUBSCRIPTION_NOT_OWNED',
    'TABLE_NOT_APPLIABLE',
    'TABLE_NOT_COPIED',
    'TABLE_NOT_ON_CLONE',
    'TABLE_NOT_SUBSCRIBED',
    'TABLE_RENAMED',
    'TABLE_SUBSCRIBED_TWICE',
    'TABLE_SWAPPED',
    'TABLE_UNLOGGED_ON_CLONE',
    'TABLE_UNLOGGED_SINCE',
    'TARGET_SCHEMA_CLOSED',
    'TRIGGERS_FIRE_ON_APPLY',
    'TYPE_DIFFERS',
    'TYPE_NOT_ON_CLONE',
    'UNIQUE_ONLY_ON_CLONE',
  ]);
});

test('a plan is refused by what blocks and by nothing else; how something stands stops no change', () => {
  const plan = planApply(contract, untouched(contract));
  const outcomes = (change: Edit) => {
    const { contract: own, ...survey } = edit(healthy(contract), change);
    return runChecks(own, survey);
  };
  const warned = outcomes(({ source }) => (source.aurora.forceSsl = '0'));
  expect(withPreflight(plan, warned)).toBe(plan);
  const kept = outcomes(({ source }) => (source.databases.shop!.keptStatements.tracked = true));
  expect(withPreflight(plan, kept).findings).toMatchObject([{ code: 'SOURCE_STATISTICS_KEEP_SECRETS' }]);
  const sendsNone = { ...plan, changes: [] };
  expect(withPreflight(sendsNone, kept)).toBe(sendsNone);
  const blocked = outcomes(({ source }) => (source.role!.memberOfRdsIam = true));
  expect(withPreflight(plan, blocked)).toMatchObject({
    changes: [],
    nextStep: null,
    findings: [{ code: 'ROLE_NEEDS_IAM' }],
  });
  const idle = { ...plan, changes: [] };
  expect(withPreflight(idle, blocked)).toMatchObject({ changes: [], findings: [{ code: 'ROLE_NEEDS_IAM' }] });
  const ofClone = outcomes(({ target }) => target.databases.shop!.unusable.push('Private'));
  expect(withPreflight({ ...idle, nextStep: null }, ofClone).findings).toHaveLength(1);
  expect(withPreflight(idle, ofClone).findings).toEqual([]);
  const standing = blocked.map(({ check, findings }) => ({
    check,
    findings: findings!.map((finding) => ({ ...finding, standing: true as const })),
  }));
  const mending = withPreflight(plan, standing);
  expect([mending.changes, isBlocked(mending)]).toEqual([plan.changes, false]);
  const unwell = withPreflight(idle, standing);
  expect([unwell.nextStep, isBlocked(unwell), isIdleButUnwell(unwell)]).toEqual([plan.nextStep, true, true]);
});

test('what blocks one step is shown, and stops no other', () => {
  const plan = planApply(
    contract,
    edit(following(contract), ({ source }) => (source.passwordWorks = false)),
  );
  expect(plan.changes.map(({ id }) => id)).toContain('source/role-password/acas_demo');
  const { contract: own, ...survey } = edit(healthy(contract), ({ source, target }) => {
    source.databases.shop!.unusable.push('public');
    source.role!.memberOfRdsIam = true;
    target.databases.shop!.rowSecurity.push({ ...root, schema: 'public', name: 'orders', owner: 'app' });
  });
  const repaired = withPreflight(plan, runChecks(own, survey));
  expect(repaired.changes).toEqual(plan.changes);
  expect(repaired.findings.map(({ code }) => code)).toEqual([
    'SOURCE_SCHEMA_CLOSED',
    'ROLE_NEEDS_IAM',
    'ROW_SECURITY_STOPS_APPLY',
  ]);
  // The changes are made, and then it is an error.
  expect(() => refuseBlocked(repaired)).toThrow(expect.objectContaining({ code: 'SOURCE_SCHEMA_CLOSED' }));
});

test('a finding that does not say what it stops stops everything', () => {
  const { changes } = planApply(contract, untouched(contract));
  const finding: Finding = { code: 'TABLE_MISSING', severity: 'block', seen: '', why: '', next: '' };
  expect(refuses(finding, [])).toBe(true);
  expect(refuses({ ...finding, stops: ['connect'] }, changes)).toBe(false);
  for (const step of ['role', 'publish', 'slot', 'ticket', 'reboot'] as const)
    expect(refuses({ ...finding, stops: [step] }, changes)).toBe(true);
});
