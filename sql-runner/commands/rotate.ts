import { carryOut, type ApplyOptions } from './apply';

/** A new password for the replication role: in the secret, on the source, and in every subscription. */
export function rotate(environment: string, options: Omit<ApplyOptions, 'allowReboot'>): Promise<number> {
  return carryOut(environment, 'rotate', null, { ...options, allowReboot: false });
}
