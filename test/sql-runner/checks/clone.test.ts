import { planApply } from '../../../sql-runner/engine/plan-apply';
import { sourceContract } from '../support/contract';
import { cloned, edit, following, table } from '../support/observations';
import { codes, expectBlocked } from '../support/plans';

const contract = sourceContract();

test('a clone that was upgraded before it follows is refused; afterwards an upgrade is its own affair', () => {
  const upgrade = (observation: ReturnType<typeof cloned>) =>
    edit(observation, ({ target }) => (target!.server = { ...target!.server, versionNum: 180001 }));
  expectBlocked(planApply(contract, upgrade(cloned(contract))), 'MAJOR_VERSION_DIFFERS');
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

test('rows written to replicated tables of the clone are a warning, those of others and those that replication wrote are not', () => {
  const written = (observation: ReturnType<typeof cloned>, name: string) =>
    edit(observation, ({ target }) => target!.databases.shop!.writtenTables.push(table(name)));
  expect(codes(planApply(contract, written(cloned(contract), 'orders')), 'warn')).toEqual(['CLONE_WRITTEN']);
  expect(codes(planApply(contract, written(cloned(contract), 'scratch')), 'warn')).toEqual([]);
  expect(codes(planApply(contract, written(following(contract), 'orders')), 'warn')).toEqual([]);
});
