import { dropAll, RESOURCES } from '../../../sql-runner/plan/resources';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { streamFacts } from '../../../sql-runner/model/stream-state';
import { sourceContract } from '../support/contract';
import { following, untouched } from '../support/observations';
import { carryOut, deployTarget } from '../support/simulate';

const contract = sourceContract();

test('what a bootstrap makes a teardown drops, in the reverse order', () => {
  let world = untouched(contract);
  const made: string[] = [];
  const apply = () => {
    for (const change of planFor('apply', contract, world).changes) {
      if (change.action === 'create') made.push(change.id);
      world = carryOut(contract, world, change);
    }
  };
  apply();
  world = deployTarget(contract, world);
  apply();
  const dropped = planFor('teardown', contract, world).changes.map(({ id }) => id);
  const both = dropped.filter((id) => made.includes(id));
  expect(both.length).toBeGreaterThan(8);
  // Within a kind databases keep the order of the file.
  const kinds = (ids: readonly string[]) => [
    ...new Set(ids.map((id) => id.replace(/\/(shop|ledger)\//, '/').split('/')[1])),
  ];
  expect(kinds(both)).toEqual(kinds(made.filter((id) => dropped.includes(id))).reverse());
});

test('each resource is planned or dropped, and has a name of its own', () => {
  expect(RESOURCES.filter(({ plan, planOnClone, drop }) => !plan && !planOnClone && !drop)).toEqual([]);
  expect(new Set(RESOURCES.map(({ name }) => name)).size).toBe(RESOURCES.length);
});

test('without a clone nothing is dropped on it', () => {
  const observation = { ...following(contract), target: null };
  const { changes } = dropAll({
    contract,
    observation,
    source: observation.source,
    target: null,
    streams: streamFacts(contract, observation),
  });
  expect(changes.map(({ address }) => address.side)).not.toContain('target');
  expect(changes).not.toEqual([]);
});
