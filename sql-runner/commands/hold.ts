import { carryOut, type ApplyOptions } from './apply';

export interface HoldOptions extends Omit<ApplyOptions, 'allowReboot'> {
  readonly releaseSlots: boolean;
}

/** Pauses the streams by consent, where everything up to then is on the clone. */
export function hold(environment: string, { releaseSlots, ...options }: HoldOptions): Promise<number> {
  return carryOut(environment, releaseSlots ? 'release' : 'hold', null, { ...options, allowReboot: false });
}
