import { carryOut, type ApplyOptions } from './apply';

/** Lets streams go on that were held, where that is safe, and waits until the clone is in sync. */
export function resume(environment: string, options: ApplyOptions): Promise<number> {
  return carryOut(environment, 'resume', null, options);
}
