import { OperatorError } from '../../errors/operator-error';
import { quoteQualified } from '../postgres/text/quoting';
import { GaveWay, type LockWatch, type Waiter } from './lock-watch';
import type { Pair } from './sides';
import { statementKind } from './statement-kind';
import type { GiveWayLimits, TableRef, VerifyEvent } from './types';
import { NOTHING, type Finding } from './verify-table';

/** A writer waits for as long as it takes to see that somebody waits. */
export const GIVE_WAY: GiveWayLimits = { everyMs: 500, tries: 3, patienceMs: 60_000 };

interface GivingWay extends Pick<GiveWayLimits, 'tries' | 'patienceMs'> {
  readonly watch: LockWatch;
  readonly pair: Pair;
  readonly table: TableRef;
  readonly emit: (event: VerifyEvent) => void;
}

/** Compares a table anew when whoever stood in the way is gone, a few times. */
export async function givingWay(of: GivingWay, compare: () => Promise<Finding>): Promise<Finding> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await of.watch.over(of.pair, compare);
    } catch (error) {
      if (!(error instanceof GaveWay)) throw error;
      of.emit({ kind: 'gave-way', table: of.table, pid: error.waiter.pid });
      const again = attempt < of.tries && (await of.watch.gone(error.waiter, of.patienceMs));
      if (!again) return notCompared(of.table, error.waiter, attempt);
    }
  }
}

function notCompared(table: TableRef, waiter: Waiter, attempts: number): Finding {
  const { code, seen, next } = gaveWay(table, waiter, attempts);
  return { ...NOTHING, status: 'unsupported', code, reason: `${seen}; ${next}` };
}

/** Pure. */
export function gaveWay(table: TableRef, waiter: Waiter, attempts: number): OperatorError {
  return new OperatorError({
    code: 'VERIFY_GAVE_WAY',
    seen: `${quoteQualified(table)} was not compared: reading it on the ${waiter.side} gave way to ${who(waiter)}, in try ${attempts}`,
    why: 'whoever changes a table waits for those who read it, and whoever writes to it would have to queue behind him',
    next: 'run verify again when that has ended',
  });
}

function who({ pid, user, applicationName, statement }: Waiter): string {
  const details = [
    user === null ? [] : [`user ${user}`],
    applicationName ? [`application ${JSON.stringify(applicationName)}`] : [],
    statementKind(statement) ?? [],
  ].flat();
  return details.length === 0 ? `process ${pid}` : `process ${pid} (${details.join(', ')})`;
}
