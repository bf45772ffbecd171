import { planApply } from '../../../../sql-runner/plan/plan-apply';
import { sourceContract } from '../../support/contract';
import { cloned, edit, following } from '../../support/observations';
import { table } from '../../support/tables';
import { codes, expectBlocked } from '../../support/plans';

const contract = sourceContract();

test('a clone that was upgraded before it follows is refused; afterwards an upgrade is its own affair', () => {
  const upgrade = (observation: ReturnType<typeof cloned>) =>
    edit(observation, ({ target }) => (target!.server = { ...target!.server, versionNum: 180001 }));
  expectBlocked(planApply(contract, upgrade(cloned(contract))), 'MAJOR_VERSIONS_DIFFER');
  expect(codes(planApply(contract, upgrade(following(contract))))).toEqual([]);
});

test("an endpoint of the clone that leads to the source's server is refused at any time", () => {
  for (const observation of [cloned(contract), following(contract)]) {
    expectBlocked(
      planApply(
        contract,
        edit(observation, ({ target }) => (target!.isSourceServer = true)),
      ),
      'SAME_CLUSTER',
    );
  }
});

test('rows written to replicated tables of the clone stop it, those of others and those that replication wrote do not', () => {
  const written = (observation: ReturnType<typeof cloned>, name: string) =>
    edit(observation, ({ target }) => {
      target!.databases.shop!.writtenTables.push(table(name));
      target!.databases.shop!.writesAreCertain = true;
    });
  expectBlocked(planApply(contract, written(cloned(contract), 'orders')), 'CLONE_WRITTEN');
  expect(codes(planApply(contract, written(cloned(contract), 'scratch')))).toEqual([]);
  expect(codes(planApply(contract, written(following(contract), 'orders')))).toEqual([]);
});

test('counters that may be the source’s, or count what was rolled back, are a warning', () => {
  const counted = edit(cloned(contract), ({ target }) => target!.databases.shop!.writtenTables.push(table('orders')));
  const plan = planApply(contract, counted);
  expect(codes(plan, 'warn')).toEqual(['CLONE_MAYBE_WRITTEN']);
  expect(codes(plan, 'block')).toEqual([]);
  expect(plan.changes).not.toEqual([]);
});
