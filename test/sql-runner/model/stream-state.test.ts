import type { Observation } from '../../../sql-runner/model/observation';
import { STREAM_STATES, streamFacts, type StreamState } from '../../../sql-runner/model/stream-state';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { sourceContract } from '../support/contract';
import { CONFIRMED, cloned, edit, following, OTHER_NONCE, prepared, untouched } from '../support/observations';
import { carryOut, deployTarget } from '../support/simulate';
import { withStream } from '../support/observations';

const contract = sourceContract(['shop']);
const stateIn = (observation: Observation): StreamState => streamFacts(contract, observation)[0]!.state;

/** The states that a stream passes through while a plan is carried out, each once. */
function passed(start: Observation, plan: (now: Observation) => { changes: Parameters<typeof carryOut>[2][] }) {
  let world = start;
  const states = [stateIn(world)];
  for (const change of plan(world).changes) {
    world = carryOut(contract, world, change);
    if (states.at(-1) !== stateIn(world)) states.push(stateIn(world));
  }
  return { world, states };
}
const planning = (plan: typeof planApply) => (now: Observation) => ({ changes: [...plan(contract, now).changes] });

test('a bootstrap passes through every state of its order, in that order', () => {
  const prepare = passed(untouched(contract), planning(planApply));
  const connect = passed(deployTarget(contract, prepare.world), planning(planApply));
  expect([...prepare.states, ...connect.states]).toEqual(STREAM_STATES.slice(0, STREAM_STATES.indexOf('enabled') + 1));
});

test('a reset is under way until there is a new ticket, and a teardown leaves nothing', () => {
  const reset = passed(following(contract), planning(planReset));
  expect(reset.states).toEqual(['enabled', 'resetting', 'ticketed']);
  expect(passed(following(contract), planning(planTeardown)).states.at(-1)).toBe('absent');
});

test.each<[string, StreamState, Observation]>([
  ['what has the name of our publication', 'foreign', retold(prepared(contract), null)],
  ['what has the name of our subscription', 'foreign', subscribed({ subscription: { comment: null } })],
  ['an origin before the seed LSN', 'behind seed', subscribed({ enabled: false, progress: CONFIRMED })],
  ['a subscription that was enabled too early', 'behind seed', subscribed({ enabled: true, progress: null })],
  [
    'a clone of an earlier ticket',
    'ticketed',
    edit(cloned(contract), ({ target }) => {
      target!.deployedNonce = OTHER_NONCE;
    }),
  ],
])('%s: %s', (_, expected, observation) => {
  expect(stateIn(observation)).toBe(expected);
});

function retold(observation: Observation, comment: string | null): Observation {
  return edit(observation, ({ source }) => {
    source.databases.shop!.publications[0]!.comment = comment;
  });
}

function subscribed(bootstrap: Partial<Parameters<typeof withStream>[3]>): Observation {
  return withStream(contract, cloned(contract), 'shop', { enabled: false, progress: null, ...bootstrap });
}
