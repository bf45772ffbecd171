import { ddlSchema } from '../../../../contract/naming';
import { planApply } from '../../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../../sql-runner/plan/plan-teardown';
import { formatMark } from '../../../../sql-runner/model/mark';
import type { DdlLog } from '../../../../sql-runner/postgres/catalog/ddl-logs';
import { EVENTS, triggerName } from '../../../../sql-runner/resources/ddl/recorder';
import { SEEING } from '../../../../sql-runner/resources/ddl/applier';
import { sourceContract } from '../../support/contract';
import { edit, following } from '../../support/observations';

const SCHEMA = 'acas_demo_shop_ddl';
const contractWith = (ddl?: 'apply' | 'record') => {
  const contract = sourceContract(['shop']);
  return { ...contract, links: contract.links.map((link) => ({ ...link, ...(ddl === undefined ? {} : { ddl }) })) };
};

const log = (more: Partial<DdlLog> = {}): DdlLog => ({
  schema: SCHEMA,
  comment: formatMark({ kind: 'ddl', environment: 'demo' }),
  log: true,
  owner: 'master',
  eventTriggers: EVENTS.map((event) => ({ name: triggerName(SCHEMA, event), enabled: 'A' })),
  triggers: [],
  publications: ['acas_demo_shop'],
  taken: false,
  missed: null,
  stopped: null,
  failed: null,
  ...more,
});
const onClone = (more: Partial<DdlLog> = {}): DdlLog =>
  log({
    eventTriggers: SEEING.map((event) => ({ name: triggerName(SCHEMA, event), enabled: 'R' })),
    triggers: [{ name: 'apply', enabled: 'R' }],
    publications: [],
    taken: true,
    ...more,
  });

function planned(ddl: 'apply' | 'record' | undefined, source: DdlLog[] = [], clone: DdlLog[] = [], plan = planApply) {
  const contract = contractWith(ddl);
  const observation = edit(following(contract), (draft) => {
    Object.assign(draft.source.databases.shop!, { ddl: source });
    Object.assign(draft.target!.databases.shop!, { ddl: clone });
  });
  return plan(contract, observation);
}
const ids = (of: ReturnType<typeof planned>) =>
  of.changes
    .filter(({ id }) => /ddl|drain/.test(id))
    .map(({ action, address }) => `${action} ${address.side} ${address.kind}`);

test('off, nothing is made', () => {
  expect(planned(undefined).changes).toEqual([]);
});

test('the clone can carry out before the source sends, and nothing is noted before the clone takes it', () => {
  expect(ids(planned('apply'))).toEqual([
    'create target ddl-log',
    'create source ddl-log',
    'update target ddl-rows',
    'create source ddl-triggers',
  ]);
  expect(planned('apply', [log()], [onClone()]).changes).toEqual([]);
});

test('to record needs nothing of the clone, and sends nothing', () => {
  const plan = planned('record');
  expect(ids(plan)).toEqual(['create source ddl-log', 'create source ddl-triggers']);
  expect(JSON.stringify(plan.changes)).not.toContain('ADD TABLE');
  expect(planned('record', [log({ publications: [] })]).changes).toEqual([]);
});

test.each([
  [
    'the clone’s trigger was disabled',
    [log()],
    [onClone({ triggers: [{ name: 'apply', enabled: 'D' }] })],
    ['update target ddl-log'],
  ],
  ['an event trigger of the clone is gone', [log()], [onClone({ eventTriggers: [] })], ['update target ddl-log']],
  [
    'an event trigger of the source is gone',
    [log({ eventTriggers: log().eventTriggers.slice(1) })],
    [onClone()],
    ['update source ddl-triggers'],
  ],
  ['a run died before the event triggers', [log({ eventTriggers: [] })], [onClone()], ['create source ddl-triggers']],
  [
    'a run died before the clone took it',
    [log({ eventTriggers: [] })],
    [onClone({ taken: false })],
    ['update target ddl-rows', 'create source ddl-triggers'],
  ],
  [
    'it was only recorded until now',
    [log({ publications: [] })],
    [],
    ['create target ddl-log', 'update source ddl-log', 'update target ddl-rows', 'update source ddl-triggers'],
  ],
])('%s', (_, source, clone, expected) => {
  expect(ids(planned('apply', source, clone))).toEqual(expected);
});

test('while it comes to be sent, nothing is noted that the clone would skip', () => {
  const { changes } = planned('apply', [log({ publications: [] })]);
  const [, sent] = changes;
  expect(sent!.preview.slice(0, 3).every((line) => /^ALTER EVENT TRIGGER .* DISABLE;$/.test(line))).toBe(true);
  expect(sent!.preview.at(-1)).toBe(`ALTER PUBLICATION "acas_demo_shop" ADD TABLE ONLY "${SCHEMA}".log;`);
});

test('switched off, the source is rid of it first, and the clone carries out what is on its way', () => {
  const off = ['delete source ddl-log', 'update source drain', 'delete target ddl-log'];
  expect(ids(planned(undefined, [log()], [onClone()]))).toEqual(off);
  expect(JSON.stringify(planned(undefined, [log()], [onClone()]).changes)).not.toContain('DISABLE');
  // No longer sent, it has nothing to carry out either.
  expect(ids(planned('record', [log()], [onClone()]))).toEqual(['update source ddl-log', ...off.slice(1)]);
  // Before one that is not decided nothing would arrive, or what is behind it would without it.
  for (const wanted of ['record', undefined] as const)
    expect(planned(wanted, [log()], [onClone({ stopped: 3 })]).changes).toEqual([]);
  // Killed in between.
  expect(ids(planned(undefined, [], [onClone({ triggers: [{ name: 'apply', enabled: 'D' }] })]))).toEqual([
    'update source drain',
    'delete target ddl-log',
  ]);
});

test('what is not ours is left alone and told', () => {
  const plan = planned('apply', [log({ comment: null })]);
  expect(ids(plan)).toEqual([]);
  expect(plan.findings).toMatchObject([{ code: 'DDL_NAME_TAKEN', severity: 'warn' }]);
  expect(ids(planned(undefined, [log({ comment: 'of somebody else' })], [], planTeardown))).toEqual([]);
});

test('a teardown drops it on both sides, a reset on the source', () => {
  expect(ids(planned('apply', [log()], [onClone()], planTeardown))).toEqual([
    'delete source ddl-log',
    'delete target ddl-log',
  ]);
  expect(ids(planned('apply', [log()], [onClone()], planReset))).toEqual(['delete source ddl-log']);
});

test('names of event triggers fit, and two publications have two', () => {
  const long = 'acas_' + 'x'.repeat(58);
  for (const event of EVENTS) expect(triggerName(ddlSchema(long), event).length).toBeLessThanOrEqual(63);
  expect(ddlSchema(long)).not.toBe(ddlSchema(`${long.slice(0, -1)}y`));
});
