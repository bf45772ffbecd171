import type { Problem } from '../errors/problem';
import type { Environment } from './schema';

/** What Secrets Manager takes (API reference, DeleteSecret, RecoveryWindowInDays); 0: it is gone at once. */
const [LEAST, MOST] = [7, 30];

/** How long the secret of the replication role can be restored once it is deleted: what the file says, else its preset. */
export function secretRecoveryDays({ source, replication }: Environment): number {
  const preset = source.cluster.create?.preset;
  return replication.secretRecoveryDays ?? (preset === 'production' ? MOST : 0);
}

export function secretRecoveryRule({ replication }: Environment): Problem[] {
  const { secretRecoveryDays: days = 0 } = replication;
  if (days === 0 || (days >= LEAST && days <= MOST)) return [];
  return [
    {
      code: 'BAD_VALUE',
      seen: `replication.secretRecoveryDays is ${days}.`,
      why: `Secrets Manager keeps a deleted secret for ${LEAST} to ${MOST} days, or not at all.`,
      next: `Write ${LEAST} to ${MOST}, or 0.`,
      path: ['replication', 'secretRecoveryDays'],
    },
  ];
}
