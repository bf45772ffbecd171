import { exitCode } from '../../errors/exit-codes';
import { KIND_OF_CODE } from '../../errors/exit-of-error';
import type { DatabaseVerdict, Verification } from './verify';

/** What verify ends with: nothing is called equal that was not compared to the end, and nothing different on a doubt. */
export function exitOfVerification({ tables, notReplicated, doubts }: Verification): number {
  return exitCode(
    ...tables.map(kindOf),
    ...(notReplicated.length > 0 ? (['notEqual'] as const) : []),
    // Without a table there is nothing by which a stream would be seen to follow.
    ...(doubts.length > 0 || tables.length === 0 ? (['notInSync'] as const) : []),
  );
}

function kindOf({ status, code }: DatabaseVerdict) {
  switch (status) {
    case 'equal':
      return 'done';
    case 'different':
      return 'notEqual';
    case 'unsettled':
      return 'notSettled';
    case 'unsupported':
      // Later it may be read, where somebody waited for it; the others ask for something to be done.
      return code !== undefined && KIND_OF_CODE[code] === 'notSettled' ? 'notSettled' : 'error';
  }
}
