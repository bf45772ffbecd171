import { OperatorError } from '../../../errors/operator-error';
import { PendingPlan } from '../../../sql-runner/actions/pending-plan';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';

const MINUTE = 60_000;
const refused = new OperatorError({ code: 'OUTPUTS_UNREADABLE', seen: 's', why: 'w', next: 'n' });

test('it is made at its pace, however often it is asked for, and what failed is not shown as it was before', async () => {
  const world = newWorld(following);
  await inWorld(world, async () => {
    let read = 0;
    let fails = false;
    const contracts = () => {
      read += 1;
      return fails ? Promise.reject(refused) : Promise.resolve(world.contracts);
    };
    const plan = new PendingPlan(world.opening, contracts, 10);
    expect(plan.view()).toEqual({ plan: null, failure: null, at: null, every: 10 });
    await Promise.all([plan.keep(), plan.keep()]);
    expect(read).toBe(1);
    const { at } = plan.view();
    expect(plan.view().plan!.changes).toEqual([]);
    await plan.keep(at!.getTime() + 10 * MINUTE - 1);
    expect(read).toBe(1);
    const made = at!.getTime();
    await plan.keep(made + MINUTE - 1, made + 1);
    await plan.keep(made + MINUTE, made - 1);
    expect(read).toBe(1);
    await plan.keep(made + MINUTE, made + 1);
    expect(read).toBe(2);
    fails = true;
    await plan.keep(plan.view().at!.getTime() + 10 * MINUTE);
    expect(read).toBe(3);
    expect([plan.view().plan, plan.view().failure!.code]).toEqual([null, 'OUTPUTS_UNREADABLE']);
  });
});

test('with a pace of 0 none is made', async () => {
  const plan = new PendingPlan(
    () => {
      throw new Error('nothing is to be opened');
    },
    () => Promise.reject(refused),
    0,
  );
  await plan.keep();
  expect(plan.view()).toEqual({ plan: null, failure: null, at: null, every: 0 });
});
