import { parseSize } from '../../contract/size';
import type { DocumentPath, Problem } from '../../errors/problem';
import type { Environment } from '../schema';
import { LEAST_WAL, MOST_WAL } from './limits';

const LEAST_MEMORY = 64 * 2 ** 20;
/** More than any class has: the largest known here, db.r8g.48xlarge, has 1,536 GiB. */
const MOST_MEMORY = 2 * 2 ** 40;

/** Sizes at which an alarm would always or never be raised. */
export function alarmLimitRules({ monitoring }: Environment): Problem[] {
  return monitoring === undefined ? [] : [...keptWalRule(monitoring), ...freeMemoryRule(monitoring)];
}

type Monitoring = NonNullable<Environment['monitoring']>;

function keptWalRule({ keptWal }: Monitoring): Problem[] {
  const bytes = parseSize(keptWal ?? '');
  if (bytes === null) return [];
  const path: DocumentPath = ['monitoring', 'keptWal'];
  const next = 'Write what is unusual and not dangerous yet, as in 50GB, or leave it out.';
  if (bytes < LEAST_WAL) {
    const why = 'A stream that follows well has some segments of 16 MiB not confirmed, and would raise the alarm.';
    return [{ code: 'BAD_SIZE', seen: `monitoring.keptWal is ${keptWal}, less than 256MiB.`, why, next, path }];
  }
  if (bytes <= MOST_WAL) return [];
  const why = 'A volume of Aurora holds no more: the alarm could never be raised.';
  return [{ code: 'BAD_SIZE', seen: `monitoring.keptWal is ${keptWal}, more than 128TiB.`, why, next, path }];
}

function freeMemoryRule({ freeMemory }: Monitoring): Problem[] {
  const bytes = parseSize(freeMemory);
  if (bytes === null) return [];
  const path: DocumentPath = ['monitoring', 'freeMemory'];
  const next = 'Write what a writer should always have left, as in 1GB.';
  if (bytes < LEAST_MEMORY) {
    const why = 'A server may be out of memory between two values of the metric, and no alarm would be raised.';
    return [{ code: 'BAD_SIZE', seen: `monitoring.freeMemory is ${freeMemory}, less than 64MiB.`, why, next, path }];
  }
  if (bytes <= MOST_MEMORY) return [];
  const why = 'No class of Aurora has so much: the alarm would always be raised.';
  return [{ code: 'BAD_SIZE', seen: `monitoring.freeMemory is ${freeMemory}, more than 2TiB.`, why, next, path }];
}
