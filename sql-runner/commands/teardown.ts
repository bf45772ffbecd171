import { readContracts } from '../inputs/contracts';
import { carryOut, type ApplyOptions } from './apply';
import { forUpgrade } from './for-upgrade';
import { outputFor } from './settings';

interface TeardownOptions extends ApplyOptions {
  /** Says what else has to go before production is upgraded or renamed. */
  readonly forUpgrade: boolean;
}

/** Removes what apply made, on both sides, and nothing else. */
export async function teardown(environment: string, options: TeardownOptions): Promise<number> {
  const code = await carryOut(environment, 'teardown', null, options);
  if (code === 0 && options.forUpgrade) {
    const { source } = await readContracts({ environment, ...options });
    outputFor(options).log(forUpgrade(source));
  }
  return code;
}
