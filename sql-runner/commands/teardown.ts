import { carryOut, type ApplyOptions } from './apply';

/** Removes what apply made, on both sides, and nothing else. */
export function teardown(environment: string, options: ApplyOptions): Promise<number> {
  return carryOut(environment, 'teardown', null, options);
}
