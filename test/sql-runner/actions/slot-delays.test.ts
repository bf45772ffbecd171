import { makePlan } from '../../../sql-runner/actions/run';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { inWorld, newWorld } from '../support/fake-world';
import { following, untouched } from '../support/observations';

/** Codes of what a plan warns of while production has a long transaction and a prepared one. */
async function warnings(mode: PlanMode, observation: typeof following): Promise<string[]> {
  const world = newWorld(observation);
  const of = {
    pid: 7,
    user: 'batch',
    database: 'other',
    applicationName: 'nightly',
    state: 'active',
    queryStart: null,
    statement: null,
  };
  world.survey.source.openWrites.push({ ...of, ageSeconds: 3_600 });
  world.survey.source.prepared.push({ gid: 'forgotten', owner: 'batch', database: 'other', ageSeconds: 86_400 });
  const { findings } = await inWorld(world, () => makePlan(world.opening, world.contracts, mode));
  return findings.map(({ code }) => code).filter((code) => /TRANSACTION$/.test(code));
}

const BOTH = ['LONG_TRANSACTION', 'PREPARED_TRANSACTION'];

test.each([
  ['a reset, whose slots are made anew', 'reset', following, BOTH],
  ['the first apply', 'apply', untouched, BOTH],
  ['an apply that makes no slot', 'apply', following, []],
  ['a teardown', 'teardown', following, []],
] as const)('%s says what the creation of its slots will wait for', async (_, mode, observation, expected) => {
  expect(await warnings(mode, observation)).toEqual(expected);
});
