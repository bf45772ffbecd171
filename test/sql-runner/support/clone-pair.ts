import type { Client } from 'pg';
import { freePort } from '../../../lab/postgres/free-port';
import type { PostgresCluster } from '../../../lab/postgres/cluster';
import type { Place } from '../../../sql-runner/model/address';
import { readOnce } from '../../../sql-runner/connections/reading';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { Execution } from '../../../sql-runner/execute/execution';
import { connectSession, type Session } from '../../../sql-runner/postgres/session';
import { CONNINFO_SETTING } from '../../../sql-runner/postgres/text/conninfo';
import { formatConninfo } from '../../../sql-runner/postgres/text/conninfo';
import type { TestCluster } from '../../support/postgres';
import { targetOf } from '../postgres/sessions';
import type { Side } from '../../../contract/contract';
import { PATIENCE_MS } from '../../support/patience';
import { sourceContract } from './contract';

/** A running source and a real clone of it, with what an execution needs; AWS is not asked. */
export interface ClonePair {
  readonly clone: PostgresCluster;
  readonly execution: Execution;
  readonly connections: Connections;
  /** The master user's plain session on the clone, without sql-runner's settings. Closed with the source. */
  onClone(database: string): Promise<Client>;
}

/** Takes the clone now. Everything goes away with the source. */
export async function cloneOf(source: TestCluster, parameters: Readonly<Record<string, string>>): Promise<ClonePair> {
  const clone = await source.cluster.cloneTo({ directory: source.cloneDirectory(), port: await freePort() });
  source.onStop(() => clone.destroy());
  await clone.setParameters(parameters);
  await clone.firstStartOfClone();
  const sessions = new Map<string, Promise<Session>>();
  source.onStop(async () => {
    await Promise.all([...sessions.values()].map(async (session) => (await session).close()));
  });
  const open = (place: Place, readOnly: boolean, more: { settings?: Readonly<Record<string, string>> } = {}) => {
    const port = place.side === 'source' ? source.cluster.port : clone.port;
    const settings = { [CONNINFO_SETTING]: conninfo(source, place.database), ...more.settings };
    const limits = { statementTimeoutMs: PATIENCE_MS, lockTimeoutMs: PATIENCE_MS };
    const address = { ...targetOf(source, place.database, place.side), port };
    return connectSession(address, { readOnly, applicationName: 'sql-runner demo', ...limits, settings });
  };
  const kept = (place: Place, readOnly: boolean): Promise<Session> => {
    const key = JSON.stringify([place, readOnly]);
    if (!sessions.has(key)) sessions.set(key, open(place, readOnly));
    return sessions.get(key)!;
  };
  const connections: Connections = {
    contracts: { source: sourceContract(['shop']), target: null },
    reader: (place: Place) => kept(place, true),
    reading: () => readOnce(connections),
    first: async (side: Side) => at(side, 'shop'),
    use: async (place: Place, read: (session: Session) => Promise<unknown>) => read(await kept(place, true)),
    open,
  } as unknown as Connections;
  return {
    clone,
    connections,
    execution: {
      connections,
      listener: () => undefined,
      interrupted: () => false,
      writer: (place) => kept(place, false),
    },
    onClone: async (database) => {
      const client = await clone.connect({ ...source.master, database });
      source.onStop(() => client.end());
      return client;
    },
  };
}

/** Of a database of the source, for subscriptions. */
export function conninfo(source: TestCluster, dbname: string, login = source.master): string {
  const { user, password } = login;
  const place = { host: 'localhost', port: source.cluster.port, dbname };
  return formatConninfo({ ...place, user, password, sslmode: 'verify-full', sslrootcert: 'rds-ca.pem' });
}

export const at = (side: Side, database: string): Place => ({ side, database });
