import type { Finding } from '../../../sql-runner/model/change';
import { heldFormerRoles, surveyHeld } from '../../../sql-runner/observe/survey-held';
import type { World } from './fake-world';
import { readingIn } from './reading-in';

/** What keeps a teardown of the world from its last steps. */
export const surveyIn = (world: World): Promise<Finding[]> => surveyedBy(surveyHeld, world);

/** What keeps the roles of the world that the environment had before from being dropped. */
export const formerIn = (world: World): Promise<Finding[]> => surveyedBy(heldFormerRoles, world);

const surveyedBy = (survey: typeof surveyHeld, world: World): Promise<Finding[]> =>
  readingIn(world, (reading) => survey(reading, world.observation));

/** The code, and what it is about and where. */
export const said = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, seen }) => {
    const what = seen.replace(/^there is /, '').replace(/ of ours|, which master.*/g, '');
    return `${code} ${what.replace(/ cannot be dropped while this .*, in database (\w+) on the (\w+): /, ' in $1 on the $2: ')}`;
  });
