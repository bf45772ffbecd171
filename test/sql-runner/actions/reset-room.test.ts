import { makePlan } from '../../../sql-runner/actions/run';
import { formatMark } from '../../../sql-runner/model/mark';
import { inWorld, newWorld } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { edit, following, slot } from '../support/observations';
import { codes } from '../support/plans';

const FORGOTTEN = 'acas_demo_old';

/** The plan of a reset with two streams and one that the environment names no more, where a clone has room for three slots. */
function reset(others: number) {
  const world = newWorld(following);
  const { source } = world.observation;
  const comment = formatMark({ kind: 'publication', environment: 'demo', slot: FORGOTTEN });
  const named = { name: FORGOTTEN, comment };
  const old = edit(source.databases.shop!, ({ publications }) => void Object.assign(publications[0]!, named));
  source.databases.old = old;
  source.inheritable.publications = [{ ...INHERITABLE.publications[0]!, database: 'old', ...named }];
  const theirs = Array.from({ length: others }, (_, index) => slot(`other_${index}`, 'other'));
  source.slots.push(slot(FORGOTTEN, 'old'), ...theirs);
  world.survey.source.databases.old = world.survey.source.databases.shop!;
  world.contract.parameterGroup.parameters['max_replication_slots'] = '3';
  return inWorld(world, () => makePlan(world.opening, world.contracts, 'reset'));
}

test('what a reset drops takes no room from the next clone', async () => {
  const plan = await reset(1);
  expect(codes(plan, 'block')).toEqual([]);
  expect(plan.changes.map(({ id }) => id)).toContain(`source/old/slot/${FORGOTTEN}`);
});

test('and gives none twice', async () => {
  const plan = await reset(2);
  expect([codes(plan, 'block'), plan.changes]).toEqual([['LIMIT_BELOW_USE'], []]);
});
