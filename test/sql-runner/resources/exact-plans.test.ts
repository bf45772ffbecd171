import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { described } from './described-plan';
import { contract, SCENARIOS } from './scenarios';
import { SCENARIOS_OF_HOLDING } from './scenarios-of-holding';
import { SCENARIOS_OF_THE_END } from './scenarios-of-the-end';

/**
 * Every statement, value and guard of every kind of plan, and every finding, as
 * they were reviewed. After a change that is meant: UPDATE_PLANS=1 npx jest
 * exact-plans, npx prettier --write on the file, and read the difference.
 */
const FILE = join(__dirname, 'exact-plans.json');

const ALL = [...SCENARIOS, ...SCENARIOS_OF_THE_END, ...SCENARIOS_OF_HOLDING];

const plans = () =>
  Object.fromEntries(ALL.map(([name, mode, observation]) => [name, described(planFor(mode, contract, observation))]));

if (process.env.UPDATE_PLANS === '1') writeFileSync(FILE, JSON.stringify(plans(), null, 2));
const expected = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;

test.each(ALL)('%s: the plan is as it was reviewed', (name, mode, observation) => {
  // By way of JSON, in which what is undefined is absent.
  expect(JSON.parse(JSON.stringify(described(planFor(mode, contract, observation))))).toEqual(expected[name]);
});
