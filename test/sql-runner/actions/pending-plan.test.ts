import { OperatorError } from '../../../errors/operator-error';
import { PendingPlan } from '../../../sql-runner/actions/pending-plan';
import { makePlan } from '../../../sql-runner/actions/run';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';

const MINUTE = 60_000;
const refused = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });

test('it is made at its pace, however often it is asked for, and what failed is not shown as it was before', async () => {
  const world = newWorld(following);
  await inWorld(world, async () => {
    let made = 0;
    let fails = false;
    const make = () => {
      made += 1;
      return fails ? Promise.reject(refused) : makePlan(world.opening, world.contracts, 'apply');
    };
    const plan = new PendingPlan(make, 10);
    expect(plan.view()).toEqual({ plan: null, failure: null, at: null, every: 10 });
    await Promise.all([plan.keep(), plan.keep()]);
    expect(made).toBe(1);
    const { at } = plan.view();
    expect(plan.view().plan!.changes).toEqual([]);
    await plan.keep(at!.getTime() + 10 * MINUTE - 1);
    expect(made).toBe(1);
    const last = at!.getTime();
    await plan.keep(last + MINUTE - 1, last + 1);
    await plan.keep(last + MINUTE, last - 1);
    expect(made).toBe(1);
    await plan.keep(last + MINUTE, last + 1);
    expect(made).toBe(2);
    fails = true;
    await plan.keep(plan.view().at!.getTime() + 10 * MINUTE);
    expect(made).toBe(3);
    expect([plan.view().plan, plan.view().failure!.code]).toEqual([null, 'CONNECT_REFUSED']);
  });
});

test('with a pace of 0 none is made', async () => {
  const plan = new PendingPlan(() => {
    throw new Error('none is to be made');
  }, 0);
  await plan.keep();
  expect(plan.view()).toEqual({ plan: null, failure: null, at: null, every: 0 });
});
