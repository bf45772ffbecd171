import { tableLockHolders, type TableLockHolder } from '../postgres/catalog/table-lock-holders';
import { quoteQualified } from '../postgres/text/quoting';
import { ReadFailed, type Pair } from './sides';
import type { TableRef } from './types';
import { NOTHING, type Finding } from './verify-table';

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** The verdict on a table that could not be read: which side refused, and why. An error of another kind is thrown. */
export async function unreadable(pair: Pair, table: TableRef, error: unknown): Promise<Finding> {
  if (!(error instanceof ReadFailed)) throw error;
  return { ...NOTHING, status: 'unsupported', reason: await reasonOf(pair, table, error) };
}

async function reasonOf(pair: Pair, table: TableRef, { side, cause }: ReadFailed): Promise<string> {
  const seen = `${quoteQualified(table)} could not be read on the ${side}: ${cause.message} (SQLSTATE ${cause.code})`;
  if (cause.code === LOCK_NOT_AVAILABLE) return `${seen}; ${holders(await tableLockHolders(pair[side], table))}`;
  if (cause.code === QUERY_CANCELED && /statement timeout/.test(cause.message)) {
    return `${seen}; allow more time with --statement-timeout`;
  }
  return seen;
}

function holders(found: readonly TableLockHolder[]): string {
  if (found.length === 0) return 'who held the lock is not visible any more';
  return `it is locked by ${found.map(holder).join(' and ')}; verify it again when that has ended`;
}

function holder({ pid, gid, user, applicationName, since }: TableLockHolder): string {
  const who = pid === null ? `the prepared transaction ${JSON.stringify(gid ?? '(unknown)')}` : `process ${pid}`;
  const details = [
    user === null ? [] : [`user ${user}`],
    applicationName ? [`application ${JSON.stringify(applicationName)}`] : [],
    since === null ? [] : [`since ${since}`],
  ].flat();
  return details.length === 0 ? who : `${who} (${details.join(', ')})`;
}
