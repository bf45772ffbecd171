import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import type { Observation } from '../../../sql-runner/model/observation';
import { sourceContract } from '../support/contract';
import { edit, following, prepared, server, slot, ticketed, untouched, type Draft } from '../support/observations';
import { codes, findingOf, outline } from '../support/plans';
import { owned } from '../support/production';

/** The parameter group of production put back by whoever has it in their Terraform, and one that is theirs altogether. */
const GROUP = { 'rds.logical_replication': '1', max_replication_slots: '20', max_wal_senders: '25' };
const parameterGroup = { name: 'ours', previous: 'theirs', parameters: GROUP };
const byStack = sourceContract(['shop'], { parameterGroup });
const byOwner = sourceContract(['shop'], { parameterGroup, production: owned() });

type Source = Draft<Observation>['source'];
const using = (observation: Observation, group: string, values: Record<string, string>, change?: (s: Source) => void) =>
  edit(observation, ({ source }) => {
    source.cluster.parameterGroup = group;
    source.cluster.parameterGroupStatus = 'pending-reboot';
    source.groupParameters = values;
    source.settings = {};
    source.server = server({ maxReplicationSlots: 20, maxWalSenders: 25 });
    change?.(source);
  });

test('put back under a stream that follows: ours is attached again, without a restart, and it is told', () => {
  const plan = planApply(byStack, using(following(byStack), 'theirs', {}));
  expect(outline(plan)).toEqual(['~ source/parameter-group/ours']);
  expect(findingOf(plan, 'PARAMETER_GROUP_PUT_BACK')).toMatchObject({
    severity: 'warn',
    seen: expect.stringMatching(/^cluster demo-production uses parameter group theirs, which does not set rds.logical/),
    why: expect.stringMatching(/next restart.*wal_level.*logical slot acas_demo_shop: .*does not start/),
    next: expect.stringMatching(
      /^sql-runner apply demo attaches ours again; .*db_cluster_parameter_group_name = "ours"/,
    ),
  });
});

test('for another one as well, when the slot is that of somebody else', () => {
  const observation = using(prepared(byStack), 'theirs', {}, (source) => {
    source.slots = [slot('foreign', 'shop')];
  });
  expect(findingOf(planApply(byStack, observation), 'PARAMETER_GROUP_PUT_BACK').why).toContain('logical slot foreign:');
});

test.each<[string, (source: Source) => void]>([
  ['no slot', (source) => (source.slots = [])],
  ['a temporary slot', (source) => (source.slots = [slot('copy', 'shop', { temporary: true })])],
  ['a physical slot', (source) => (source.slots = [slot('standby', 'shop', { slotType: 'physical' })])],
  [
    'a group that is logical, and has too little room',
    (source) => (source.groupParameters = { ...GROUP, max_wal_senders: '1' }),
  ],
])('with %s nothing is in danger', (_, change) => {
  const plan = planApply(byStack, using(prepared(byStack), 'theirs', {}, change));
  expect(plan.findings.map(({ code }) => code)).not.toContain('PARAMETER_GROUP_PUT_BACK');
});

test('put back, with a server that has less than ours sets: that takes a restart', () => {
  const plan = planApply(
    byStack,
    using(following(byStack), 'theirs', {}, (source) => (source.server.maxWalSenders = 24)),
  );
  expect(outline(plan)).toEqual(['~ source/parameter-group/ours', '~ source/reboot/writer-1']);
});

test('a third group is refused with the same words', () => {
  const unexpected = findingOf(
    planApply(byStack, using(following(byStack), 'other', {})),
    'PARAMETER_GROUP_UNEXPECTED',
  );
  expect(unexpected.why).toMatch(/; and at the next restart, planned or not, wal_level/);
  const before = using(untouched(byStack), 'other', {});
  expect(findingOf(planApply(byStack, before), 'PARAMETER_GROUP_UNEXPECTED').why).not.toContain('restart');
});

const MISSING = 'rds.logical_replication=1, max_replication_slots=20, max_wal_senders=25';

test('of the owner: what it lacks is told, and nothing is attached, restarted or made', () => {
  const replica = (source: Source) => (source.server.walLevel = 'replica');
  const plan = planApply(byOwner, using(untouched(byOwner), 'theirs', {}, replica));
  expect([plan.changes, plan.nextStep]).toEqual([[], null]);
  expect(findingOf(plan, 'PARAMETER_GROUP_LACKS')).toMatchObject({
    severity: 'block',
    seen: `cluster demo-production uses parameter group theirs, which lacks ${MISSING}; source.manage says that it is its owner's`,
    next: expect.stringMatching(/: terraform -chdir=cdktf.out\/stacks\/demo-source output -raw owner_hcl$/),
  });
});

test.each([['theirs'], ['ours']])(
  'of the owner, with all of it in %s: a restart, with consent, and no group',
  (name) => {
    const set = (walLevel: string) =>
      using(untouched(byOwner), name, GROUP, (source) => (source.server.walLevel = walLevel));
    const group = ({ id }: { id: string }) => /parameter-group|reboot/.test(id);
    const plan = planApply(byOwner, set('replica'));
    expect(plan.changes.filter(group).map(({ id, consent }) => [id, consent])).toEqual([
      ['source/reboot/writer-1', 'allow-reboot'],
    ]);
    expect(planApply(byOwner, set('logical')).changes.filter(group)).toEqual([]);
  },
);

test.each<[string, Record<string, string>, string]>([
  ['too little room', { ...GROUP, max_wal_senders: '24' }, 'max_wal_senders=25 (it has 24);'],
  ['logical replication off', { ...GROUP, 'rds.logical_replication': '0' }, 'rds.logical_replication=1 (it has 0);'],
])('of the owner, with %s', (_, values, seen) => {
  const replica = (source: Source) => (source.server.walLevel = 'replica');
  const plan = planApply(byOwner, using(untouched(byOwner), 'theirs', values, replica));
  expect(findingOf(plan, 'PARAMETER_GROUP_LACKS').seen).toContain(`which lacks ${seen}`);
});

test('of the owner, put back under a stream that follows: a plan without changes says it', () => {
  const plan = planApply(byOwner, using(following(byOwner), 'theirs', {}));
  expect([plan.changes, codes(plan)]).toEqual([[], ['PARAMETER_GROUP_PUT_BACK']]);
  expect(findingOf(plan, 'PARAMETER_GROUP_PUT_BACK')).toMatchObject({
    why: expect.stringMatching(/logical slot acas_demo_shop: .*does not start/),
    next: expect.stringMatching(/owner of demo-production applies what this prints/),
  });
  // What has been set again before any restart needs none.
  expect(planApply(byOwner, using(following(byOwner), 'theirs', GROUP)).findings).toEqual([]);
});

test('teardown leaves the owner their group, also where it has the name of ours', () => {
  const plan = planTeardown(byOwner, using(ticketed(byOwner), 'ours', GROUP));
  expect(plan.changes.map(({ id }) => id).filter((id) => id.includes('parameter-group'))).toEqual([]);
});
