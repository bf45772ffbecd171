import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { described } from './described-plan';
import { contract } from './scenarios';
import { SCENARIOS_OF_DRIFT } from './scenarios-of-drift';
import { SCENARIOS_OF_RENAMING } from './scenarios-of-renaming';

/** As exact-plans.test.ts, with the advice: UPDATE_PLANS=1 npx jest drift-plans, npx prettier --write on the file. */
const FILE = join(__dirname, 'drift-plans.json');

const ALL = [...SCENARIOS_OF_DRIFT, ...SCENARIOS_OF_RENAMING];

const told = ([, mode, observation]: (typeof ALL)[number]) => {
  const plan = planFor(mode, contract, observation);
  return { ...described(plan), advice: plan.findings.map(({ code, next }) => `${code}: ${next}`) };
};

if (process.env.UPDATE_PLANS === '1') {
  const plans = ALL.map((scenario) => [scenario[0], told(scenario)] as const);
  writeFileSync(FILE, JSON.stringify(Object.fromEntries(plans), null, 2));
}
const expected = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, unknown>;

test.each(ALL)('%s: the plan is as it was reviewed', (name, mode, observation) => {
  // By way of JSON, in which what is undefined is absent.
  expect(JSON.parse(JSON.stringify(told([name, mode, observation])))).toEqual(expected[name]);
});
