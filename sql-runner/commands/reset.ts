import { carryOut, type ApplyOptions } from './apply';

/** Retires the present clone: new slots and a new ticket, so that the next deploy of the target stack replaces it. */
export function reset(environment: string, options: ApplyOptions): Promise<number> {
  return carryOut(environment, 'reset', null, options);
}
