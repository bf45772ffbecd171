import type { Connections } from '../connections/connections';
import { ownMark } from '../model/mark';
import type { StreamOf } from '../model/streams';
import { heartbeats } from '../postgres/catalog/heartbeats';
import type { Session } from '../postgres/session';
import { heartbeatTable } from '../resources/heartbeat';
import { addBeat, beatKey } from './add-beat';
import { noteWitness, toldBy } from './note-witness';

/** Production is not kept waiting for a beat, and a beat not for production: the next one does as well. */
const LONGEST_WAIT = '500ms';

/**
 * Adds a beat to the history of one stream, outside of any run, over the session by which the source is looked at, and
 * writes down what the looks by these connections have told of its slot.
 * @returns when it was written, ISO 8601; null: there is no heartbeat of ours, or somebody else adds one just now
 * @throws what the server says
 */
export async function beat(connections: Connections, of: StreamOf): Promise<string | null> {
  const { environment } = connections.contracts.source;
  // One that stays: to log in anew each time would cost production more than the beat.
  const session = await connections.reader({ side: 'source', database: of.database });
  const at = await session.transaction(() => beatIn(session, environment, of), { readOnly: false });
  await noteWitness(session, environment, of, toldBy(connections, of));
  return at;
}

async function beatIn(session: Session, environment: string, of: StreamOf): Promise<string | null> {
  // In one statement, of this transaction alone: of each database twice a minute, each statement counts.
  const [found] = await session.query<{ free: boolean; now: string }>(
    `SELECT pg_try_advisory_xact_lock($1::bigint) AS free, to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now,
            set_config('lock_timeout', $2, true) AS wait`,
    [beatKey(of), LONGEST_WAIT],
  );
  if (found?.free !== true) return null;
  const [table] = await heartbeats(session, [heartbeatTable(of).schema]);
  if (ownMark(table?.comment ?? null, 'heartbeat', environment) === null) return null;
  await addBeat(session, of);
  return found.now;
}
