import { heartbeats, markedHeartbeats } from '../postgres/catalog/heartbeats';
import type { Session } from '../postgres/session';
import { HEARTBEAT_TABLE } from '../resources/heartbeat';
import { ownMark } from '../resources/mark';
import type { Connections } from './connections';
import type { HeartbeatElsewhere, SourceObservation } from './observation';
import { streamsOf } from './plan';

/** Every beat that the clone has got was on the source before; see resources/history.ts. */
export async function withHeartbeats(
  connections: Connections,
  databases: SourceObservation['databases'],
): Promise<SourceObservation['databases']> {
  const contract = connections.contracts.source;
  const names = streamsOf(contract).map((of) => of.stream.publication);
  const read = await Promise.all(
    Object.entries(databases).map(async ([database, facts]) => {
      if (!facts.exists) return [database, facts] as const;
      const read = await connections.use({ side: 'source', database }, async (session) => ({
        heartbeats: await heartbeats(session, names),
        ...(await observeElsewhere(session, names, contract.environment)),
      }));
      return [database, { ...facts, ...read }] as const;
    }),
  );
  return Object.fromEntries(read);
}

/**
 * What carries the mark of the environment's heartbeat and is not where one is: renamed or moved by somebody.
 * @param schemas those that heartbeats are in
 */
export async function observeElsewhere(
  session: Session,
  schemas: readonly string[],
  environment: string,
): Promise<{ heartbeatsElsewhere?: readonly HeartbeatElsewhere[] }> {
  const marked = (await markedHeartbeats(session)).filter(
    ({ comment }) => ownMark(comment, 'heartbeat', environment) !== null,
  );
  const whole = new Set(marked.filter(({ table }) => table === HEARTBEAT_TABLE).map(({ schema }) => schema));
  const found = marked
    .filter(({ schema, table }) => {
      const inPlace = schemas.includes(schema) && whole.has(schema);
      return !inPlace || (table !== null && table !== HEARTBEAT_TABLE);
    })
    .map(({ schema, table }) => ({ schema, table }));
  return found.length === 0 ? {} : { heartbeatsElsewhere: found };
}
