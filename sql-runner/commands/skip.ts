import { carryOut, type ApplyOptions } from './apply';

/** Leaves out the one transaction that a stream fails on, once it was shown what that holds. */
export function skip(environment: string, options: Omit<ApplyOptions, 'allowReboot' | 'syncTimeout'>): Promise<number> {
  return carryOut(environment, 'skip', null, { ...options, allowReboot: false, syncTimeout: 0 });
}
