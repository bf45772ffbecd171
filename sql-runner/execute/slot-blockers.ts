import { openWriteTransactions, preparedTransactions } from '../postgres/catalog/activity';
import { shortQuery } from '../postgres/text/short-query';
import { quoteInteger, quoteLiteral } from '../postgres/text/quoting';
import type { Session } from '../postgres/session';
import type { Blocker } from '../model/events';

/** Whom the creation of a slot by process `own` waits for, those that are open longest first. */
export async function slotBlockers(session: Session, own: number): Promise<Blocker[]> {
  const open = (await openWriteTransactions(session)).filter(({ pid }) => pid !== own);
  const prepared = await preparedTransactions(session);
  return [
    ...open.map(({ pid, user, database, applicationName, state, ageSeconds, statement }) => ({
      who: `process ${pid} of ${user ?? '(hidden)'}`,
      database,
      application: applicationName === '' ? null : applicationName,
      state,
      seconds: ageSeconds,
      // An idle one shows its last statement.
      statement: statement === null || statement === '' ? null : shortQuery(statement),
      end: `SELECT pg_terminate_backend(${quoteInteger(pid)});`,
    })),
    // One that is prepared has no process any more, and may never end by itself.
    ...prepared.map(({ gid, owner, database, ageSeconds }) => ({
      who: `prepared transaction ${quoteLiteral(gid)} of ${owner}`,
      database,
      application: null,
      state: 'prepared',
      seconds: ageSeconds,
      statement: null,
      end: `ROLLBACK PREPARED ${quoteLiteral(gid)};`,
    })),
  ];
}
