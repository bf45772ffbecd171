import { createHash } from 'node:crypto';
import type { StreamOf } from '../model/streams';
import type { Session } from '../postgres/session';
import { quoteQualified } from '../postgres/text/quoting';
import { heartbeatTable } from '../resources/heartbeat';
import { KEPT_BEATS } from '../resources/history';

/**
 * Key of the advisory lock under which a beat is added: two at once would both follow on the same one, and the history
 * would have two ends. In the transaction that adds it, as the next one has to see it.
 */
export function beatKey(of: StreamOf): string {
  const digest = createHash('sha256').update(`aurora-cross-account-sync beat ${of.stream.publication}`).digest();
  return digest.readBigInt64BE(0).toString();
}

/** In a transaction that holds the lock; with it goes the one that is as many before it as are kept. @returns its id */
export async function addBeat(session: Session, of: StreamOf): Promise<string> {
  const table = quoteQualified(heartbeatTable(of));
  const [row] = await session.query<{ id: string }>(
    `WITH last AS (SELECT id, number FROM ONLY ${table} ORDER BY number DESC LIMIT 1),
          gone AS (DELETE FROM ONLY ${table} WHERE number <= (SELECT number + 1 FROM last) - $1::bigint)
     INSERT INTO ${table} (id, previous, number, at, lsn)
     SELECT gen_random_uuid(), last.id, coalesce(last.number, 0) + 1, clock_timestamp(), pg_current_wal_insert_lsn()
       FROM (VALUES (1)) one LEFT JOIN last ON true
     RETURNING id::text`,
    [KEPT_BEATS],
  );
  return row!.id;
}
