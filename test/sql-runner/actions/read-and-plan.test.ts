import { connectionsFor } from '../../../sql-runner/observe/forgotten';
import type { Plan, PlanMode } from '../../../sql-runner/model/plan';
import { readAndPlan } from '../../../sql-runner/actions/read-and-plan';
import { formatMark } from '../../../sql-runner/model/mark';
import { answering } from '../support/answering';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { following } from '../support/observations';
import { codes, findingOf, outline } from '../support/plans';

const planIn = (world: World, mode: PlanMode): Promise<Plan> =>
  inWorld(world, async () => {
    const connections = await connectionsFor(world.opening, world.contracts, mode);
    return readAndPlan(connections, mode).finally(() => connections.close());
  });

test('a teardown whose ticket cannot be read goes on without it, and says so', async () => {
  const world = newWorld(following);
  world.observation.source.slots.forEach((one) => (one.active = false));
  const ticket = (plan: Plan) => outline(plan).filter((line) => line.includes('ticket'));
  const whole = await planIn(world, 'teardown');
  expect([ticket(whole).length, whole.findings]).toEqual([1, []]);
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  world.onAwsRefused = (call) => (call === 'GetParameter' ? denied : undefined);
  const plan = await planIn(world, 'teardown');
  expect(findingOf(plan, 'TICKET_LEFT')).toMatchObject({ severity: 'warn', seen: expect.stringMatching('DENIED') });
  expect(outline(plan)).toEqual(outline(whole).filter((line) => !line.includes('ticket')));
});

test('what holds a role of before is told beside the changes of an apply', async () => {
  const former = { name: 'former', comment: formatMark({ kind: 'role', environment: 'demo' }), connectGrants: [] };
  const world = answering({
    'JOIN pg_shdescription d': ({ side }) => (side === 'source' ? [former] : []),
    'count(DISTINCT (s.classid': () => [{ database: 'closed', count: 1 }],
  });
  expect(codes(await planIn(world, 'apply'), 'warn')).toEqual(['FORMER_ROLE_LEFT', 'ROLE_NOT_DROPPABLE']);
});
