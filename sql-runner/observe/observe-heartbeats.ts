import { OperatorError } from '../../errors/operator-error';
import { explain } from '../explain/explain';
import { heartbeatForms } from '../postgres/catalog/heartbeat-forms';
import { beatsOf, heartbeats, markedHeartbeats, type MarkedHeartbeat } from '../postgres/catalog/heartbeats';
import { ownMark, parseMark } from '../model/mark';
import type { Ask, Reading } from '../connections/reading';
import type { ForeignHeartbeat, HeartbeatElsewhere, HeartbeatFacts, UnreadBeats } from '../model/heartbeat-facts';
import type { SourceObservation } from '../model/observation';
import { streamsOf } from '../model/streams';
import { HEARTBEAT_TABLE } from '../../contract/naming';

/** Every beat that the clone has got was on the source before; see resources/history.ts. */
export async function withHeartbeats(
  reading: Reading,
  databases: SourceObservation['databases'],
): Promise<SourceObservation['databases']> {
  const contract = reading.contracts.source;
  const names = streamsOf(contract).map((of) => of.stream.publication);
  const read = await Promise.all(
    Object.entries(databases).map(async ([database, facts]) => {
      if (!facts.exists) return [database, facts] as const;
      const read = await reading.at({ side: 'source', database }, async (ask) => ({
        heartbeats: await readHeartbeats(ask, names),
        ...(await observeElsewhere(ask, names, contract.environment)),
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
export async function readHeartbeats(ask: Ask, schemas: readonly string[]): Promise<HeartbeatFacts[]> {
  const [found, forms] = await Promise.all([ask(heartbeats, schemas), ask(heartbeatForms, schemas)]);
  const read: HeartbeatFacts[] = [];
  for (const { schema, comment, marked, named } of found) {
    const form = forms.find((one) => one.schema === schema);
    const beats = marked ? await readBeats(ask, schema) : { beats: [] };
    const taken = named && !marked ? ({ taken: true } as const) : {};
    read.push({ schema, comment, ...beats, ...taken, ...(form === undefined ? {} : { form }) });
  }
  return read;
}

async function readBeats(ask: Ask, schema: string): Promise<Pick<HeartbeatFacts, 'beats' | 'unread'>> {
  try {
    return { beats: await ask(beatsOf, schema) };
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
  ask: Ask,
  schemas: readonly string[],
  environment: string,
): Promise<{
  heartbeatsElsewhere?: readonly HeartbeatElsewhere[];
  heartbeatsOfOthers?: readonly ForeignHeartbeat[];
}> {
  const all = await ask(markedHeartbeats);
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
