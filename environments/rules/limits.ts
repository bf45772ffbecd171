import { parseSize } from '../../contract/size';
import type { Problem } from '../../errors/problem';
import type { Environment } from '../schema';

/** 16 segments of WAL: a stream that follows well has some of them not confirmed for a moment. */
export const LEAST_WAL = 16 * 16 * 2 ** 20;
/** The largest volume of Aurora (Aurora user guide, "Amazon Aurora size limits"). */
export const MOST_WAL = 128 * 2 ** 40;

/** Limits that are reached at once, never, or in the wrong order. */
export function limitRules({ budget, onBudget, monitoring }: Environment): Problem[] {
  const bytes = parseSize(budget?.bytes ?? '');
  if (bytes === null) return [];
  const path = ['budget', 'bytes'];
  if (bytes < LEAST_WAL) {
    return [
      {
        code: 'BAD_SIZE',
        seen: `budget.bytes is ${budget!.bytes}, less than 256MiB.`,
        why: 'WAL comes in segments of 16 MiB, and a stream that follows well has some of them not confirmed for a moment.',
        next: 'Write what production can spare, as in 50GB.',
        path,
      },
    ];
  }
  if (bytes > MOST_WAL) {
    return [
      {
        code: 'BAD_SIZE',
        seen: `budget.bytes is ${budget!.bytes}, more than 128TiB.`,
        why: 'A volume of Aurora holds no more: production would be full before it is used up.',
        next: 'Write what production can spare, as in 50GB.',
        path,
      },
    ];
  }
  const kept = parseSize(monitoring?.keptWal ?? '');
  // Above any volume it is refused as such.
  if (onBudget !== 'release' || kept === null || kept < bytes || kept > MOST_WAL) return [];
  return [
    {
      code: 'BAD_VALUE',
      seen: `monitoring.keptWal is ${monitoring!.keptWal}, budget.bytes ${budget!.bytes}, and onBudget is release.`,
      why: 'The slot would be dropped before its alarm could be raised.',
      next: 'Write a keptWal well below budget.bytes, or leave it out: then it is 80 % of it.',
      path: ['monitoring', 'keptWal'],
    },
  ];
}
