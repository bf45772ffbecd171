import { planApply } from '../../../sql-runner/plan/plan-apply';
import { sourceParameters } from '../../../stacks/constructs/cluster/sizing';
import { sourceContract } from '../support/contract';
import { edit, server, ticketed } from '../support/observations';
import { expectBlocked, findingOf } from '../support/plans';

/** Of a parameter group that is neither ours nor the stated one: what has to be set, so that nobody's setting is lost. */
const contract = sourceContract();

test('a group that differs only in what is carried over is followed, not taken turns with', () => {
  const wanted = sourceContract(['shop'], {
    parameterGroup: { ...contract.parameterGroup, parameters: { 'rds.logical_replication': '1', work_mem: '1' } },
  });
  const observation = (work_mem: string) =>
    edit(ticketed(wanted), ({ source }) => {
      source.cluster.parameterGroup = 'of-another-environment';
      source.groupParameters = { 'rds.logical_replication': '1', work_mem };
    });
  const plan = planApply(wanted, observation('2'));
  expectBlocked(plan, 'PARAMETER_GROUP_UNEXPECTED');
  expect(findingOf(plan, 'PARAMETER_GROUP_UNEXPECTED')).toMatchObject({
    seen: expect.stringContaining('uses parameter group of-another-environment, which lacks work_mem=1 (it has 2);'),
    next: 'set work_mem to 2 in source.cluster.extraParameters of the environment file, as of-another-environment has it, then cdktf deploy demo-source',
  });
  expect(planApply(wanted, observation('1')).changes).toEqual([]);
});

test.each([
  ['other values', { work_mem: '2', timezone: 'UTC' }, /^set work_mem to 2, timezone to UTC in source.cluster.extra/],
  ['a value that is not set', { timezone: 'UTC' }, /^set source.cluster.parameterGroup to theirs in/],
  [
    'less room',
    { work_mem: '2', timezone: 'UTC', max_wal_senders: '1' },
    /^set source.cluster.parameterGroup to theirs/,
  ],
])('of a group with %s it is said what to set', (_, groupParameters: Record<string, string>, advice) => {
  const parameters = { 'rds.logical_replication': '1', work_mem: '1', timezone: 'CET', max_wal_senders: '20' };
  const wanted = sourceContract(['shop'], { parameterGroup: { ...contract.parameterGroup, parameters } });
  const observation = edit(ticketed(wanted), ({ source }) => {
    source.cluster.parameterGroup = 'theirs';
    source.groupParameters = { 'rds.logical_replication': '1', ...groupParameters };
  });
  expect(findingOf(planApply(wanted, observation), 'PARAMETER_GROUP_UNEXPECTED').next).toMatch(advice);
});

test.each(Object.keys(sourceParameters(2)))('%s is not given up for a group that has less of it', (name) => {
  const needing = sourceContract(['shop'], {
    parameterGroup: { ...contract.parameterGroup, parameters: sourceParameters(2) },
  });
  const observation = edit(ticketed(needing), ({ source }) => {
    source.cluster.parameterGroup = 'tuned-by-hand';
    source.server = server({ maxReplicationSlots: 100, maxWalSenders: 100 });
    source.groupParameters = { ...sourceParameters(2), [name]: '0' };
  });
  expect(findingOf(planApply(needing, observation), 'PARAMETER_GROUP_UNEXPECTED').next).toMatch(
    /^set source.cluster.parameterGroup to tuned-by-hand in/,
  );
});
