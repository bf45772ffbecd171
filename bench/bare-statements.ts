import { Client, type ClientConfig, type QueryConfig } from 'pg';

/** A statement as pg sent it, and to whom. */
interface Sent {
  readonly client: Client;
  /** With a name where the server was to keep it. */
  readonly query: QueryConfig;
}

type Query = (text: unknown, values?: unknown) => unknown;

/** How long some work takes, and every statement that it sends, in their order. */
export async function recorded(work: () => Promise<unknown>): Promise<{ seconds: number; sent: readonly Sent[] }> {
  const sent: Sent[] = [];
  const wire = Client.prototype as unknown as { query: Query };
  const { query } = wire;
  wire.query = function (this: Client, text, values) {
    const config = typeof text === 'string' ? { text, values: values as unknown[] | undefined } : (text as QueryConfig);
    sent.push({ client: this, query: { name: config.name, text: config.text, values: config.values } });
    return query.call(this, text, values);
  };
  const started = performance.now();
  try {
    await work();
    if (sent.length === 0) throw new Error('no statement was seen on the wire: there is nothing to compare with');
    return { seconds: (performance.now() - started) / 1_000, sent };
  } finally {
    wire.query = query;
  }
}

/**
 * What the servers alone need for the same statements: each is sent again, one
 * after the other, by sessions with the same settings, which are open already.
 * The sum of their durations, in seconds.
 */
export async function bareSeconds(sent: readonly Sent[]): Promise<number> {
  const sessions = new Map<Client, Client>();
  let sum = 0;
  try {
    for (const { client, query } of sent) {
      const session = sessions.get(client) ?? (await sameAs(client));
      sessions.set(client, session);
      const started = performance.now();
      // What is refused, as the original was, takes its time all the same.
      await session.query(query).catch(() => undefined);
      sum += performance.now() - started;
    }
    return sum / 1_000;
  } finally {
    await Promise.all([...sessions.values()].map((session) => session.end()));
  }
}

async function sameAs(client: Client): Promise<Client> {
  const { connectionParameters } = client as unknown as { connectionParameters: { options: string } };
  const { host, port, user, database, ssl } = client;
  const password = client.password ?? undefined;
  const config: ClientConfig = { host, port, user, database, password, ssl, options: connectionParameters.options };
  const session = new Client(config);
  await session.connect();
  return session;
}
