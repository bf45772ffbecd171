import { OperatorError } from '../../errors/operator-error';
import { explain } from '../explain/explain';
import { heartbeatForms } from '../postgres/catalog/heartbeat-forms';
import { beatsOf, heartbeats, markedHeartbeats, type MarkedHeartbeat } from '../postgres/catalog/heartbeats';
import type { Session } from '../postgres/session';
import { ownMark, parseMark } from '../model/mark';
import type { Connections } from '../connections/connections';
import type { ForeignHeartbeat, HeartbeatElsewhere, HeartbeatFacts, UnreadBeats } from '../model/heartbeat-facts';
import type { SourceObservation } from '../model/observation';
import { streamsOf } from '../model/streams';
import { HEARTBEAT_TABLE } from '../../contract/naming';

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
        heartbeats: await readHeartbeats(session, names),
        ...(await observeElsewhere(session, names, contract.environment)),
      }));
      return [database, { ...facts, ...read }] as const;
    }),
  );
  return Object.fromEntries(read);
}

/**
 * Anybody may have altered the table, or taken rights on it. That is a finding, and no reason to read nothing else:
 * production must be freed of its slots whatever became of it.
 */
export async function readHeartbeats(session: Session, schemas: readonly string[]): Promise<HeartbeatFacts[]> {
  const found = await heartbeats(session, schemas);
  const forms = found.some(({ marked }) => marked) ? await heartbeatForms(session, schemas) : [];
  const read: HeartbeatFacts[] = [];
  for (const { schema, comment, marked, named } of found) {
    const form = forms.find((one) => one.schema === schema);
    const beats = marked ? await readBeats(session, schema) : { beats: [] };
    const taken = named && !marked ? ({ taken: true } as const) : {};
    read.push({ schema, comment, ...beats, ...taken, ...(form === undefined ? {} : { form }) });
  }
  return read;
}

async function readBeats(session: Session, schema: string): Promise<Pick<HeartbeatFacts, 'beats' | 'unread'>> {
  try {
    return { beats: await beatsOf(session, schema) };
  } catch (cause) {
    // Without the server nothing else can be read either.
    if (cause instanceof OperatorError) throw cause;
    return { beats: [], unread: whyUnread(cause) };
  }
}

/** Who holds a lock, and what is out of time, is told with what ends it; the rest its form tells. */
function whyUnread(cause: unknown): UnreadBeats {
  const { code, seen, next } = explain(cause);
  return { seen, next: code.endsWith('_TIMEOUT') ? next : null };
}

/**
 * What carries the mark of the environment's heartbeat and is not where one is: renamed or moved by somebody.
 * @param schemas those that heartbeats are in
 */
export async function observeElsewhere(
  session: Session,
  schemas: readonly string[],
  environment: string,
): Promise<{
  heartbeatsElsewhere?: readonly HeartbeatElsewhere[];
  heartbeatsOfOthers?: readonly ForeignHeartbeat[];
}> {
  const all = await markedHeartbeats(session);
  const marked = all.filter(({ comment }) => ownMark(comment, 'heartbeat', environment) !== null);
  const whole = new Set(marked.filter(({ table }) => table === HEARTBEAT_TABLE).map(({ schema }) => schema));
  const found = marked
    .filter(({ schema, table }) => {
      const inPlace = schemas.includes(schema) && whole.has(schema);
      return !inPlace || (table !== null && table !== HEARTBEAT_TABLE);
    })
    .map(({ schema, table }) => ({ schema, table }));
  const foreign = foreignAmong(all, environment);
  return {
    ...(found.length === 0 ? {} : { heartbeatsElsewhere: found }),
    ...(foreign.length === 0 ? {} : { heartbeatsOfOthers: foreign }),
  };
}

function foreignAmong(marked: readonly MarkedHeartbeat[], own: string): ForeignHeartbeat[] {
  return marked.flatMap(({ schema, table, comment }) => {
    const environment = parseMark(comment)?.environment;
    return environment === undefined || environment === own ? [] : [{ environment, schema, table }];
  });
}
