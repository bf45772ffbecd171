import { NONCE, SEED } from './observations';

/** On a subscription of the environment, as the apply that connected it wrote it, with the secret that there is. */
export const SUBSCRIPTION_MARK = {
  kind: 'subscription',
  environment: 'demo',
  nonce: NONCE,
  seedLsn: SEED,
  secretVersion: 'version-1',
} as const;
