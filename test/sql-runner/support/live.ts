import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Place } from '../../../sql-runner/model/address';
import { firstExisting } from '../../../sql-runner/connections/first-existing';
import { readOnce } from '../../../sql-runner/connections/reading';
import type { Connections } from '../../../sql-runner/connections/connections';
import type { EngineEvent } from '../../../sql-runner/model/events';
import type { Execution } from '../../../sql-runner/execute/execution';
import { connectSession, type Session } from '../../../sql-runner/postgres/session';
import { subscriptionConninfo } from '../../../sql-runner/connections/subscription-conninfo';
import { CONNINFO_SETTING } from '../../../sql-runner/postgres/text/conninfo';
import type { Side, SourceContract } from '../../../contract/contract';
import type { TestCluster } from '../../support/postgres';
import { targetOf } from '../postgres/sessions';
import { PATIENCE_MS } from '../../support/patience';

export interface Live {
  /** The operator has asked to stop. */
  stopped: boolean;
  readonly execution: Execution;
  readonly events: EngineEvent[];
  /** What Secrets Manager holds; null: no value. */
  secret: { username: string; password: string } | null;
  /** A session of its own, which close() ends. */
  open(database: string): Promise<Session>;
  close(): Promise<void>;
}

/**
 * Real sessions on one cluster, which is source and target alike; only AWS is substituted.
 * @param physical the database of the cluster that stands for a place
 */
export function liveExecution(
  cluster: TestCluster,
  contract: SourceContract,
  physical: (place: Place) => string = (place) => place.database,
): Live {
  const sessions = new Map<string, Promise<Session>>();
  const others: Session[] = [];
  const events: EngineEvent[] = [];
  const connect = (place: Place, readOnly: boolean, more: { settings?: Record<string, string> } = {}) => {
    const limits = { statementTimeoutMs: PATIENCE_MS, lockTimeoutMs: PATIENCE_MS, ...more };
    return connectSession(targetOf(cluster, physical(place), place.side), {
      readOnly,
      applicationName: 'sql-runner demo',
      ...limits,
    });
  };
  const kept = (place: Place, readOnly: boolean) => {
    const key = JSON.stringify([place, readOnly]);
    const open = sessions.get(key) ?? connect(place, readOnly, readOnly ? {} : secretSettings(live, contract, place));
    sessions.set(key, open);
    // As in Connections: what was refused is not kept.
    open.catch(() => sessions.delete(key));
    return open;
  };
  const live: Live = {
    events,
    stopped: false,
    secret: null,
    execution: {
      connections: {
        contracts: { source: contract, target: null },
        reader: (place: Place) => kept(place, true),
        reading: () => readOnce(live.execution.connections),
        first: (side: Side) => firstExisting(live.execution.connections, side),
        use: async (place: Place, read: (session: Session) => Promise<unknown>) => read(await kept(place, true)),
        open: connect,
        closeSessions: async () => {
          const open = [...sessions.values()];
          sessions.clear();
          for (const session of await Promise.all(open)) await session.close();
        },
        sourceAccount: {
          accountId: '111111111111',
          secrets: { send: (command: unknown) => secretsManager(live, command) },
        },
      } as unknown as Connections,
      listener: (event) => events.push(event),
      interrupted: () => live.stopped,
      writer: (place) => kept(place, false),
    },
    open: async (database) => {
      const session = await connect({ side: 'source', database }, false);
      others.push(session);
      return session;
    },
    close: async () => {
      await Promise.all([...(await Promise.all(sessions.values())), ...others].map((session) => session.close()));
    },
  };
  return live;
}

/** As Connections gives them to its writers on the clone. */
function secretSettings(live: Live, contract: SourceContract, place: Place): { settings?: Record<string, string> } {
  if (place.side === 'source' || live.secret === null) return {};
  return { settings: { [CONNINFO_SETTING]: subscriptionConninfo(contract, live.secret, place.database) } };
}

async function secretsManager(live: Live, command: unknown): Promise<object> {
  if (command instanceof PutSecretValueCommand) {
    live.secret = JSON.parse(command.input.SecretString!) as Live['secret'];
    return {};
  }
  return live.secret === null ? {} : { SecretString: JSON.stringify(live.secret), VersionId: 'version-1' };
}

/** `waiting` events, as people read them. */
export function waits(live: Live): string[] {
  return live.events.flatMap((event) => (event.type === 'waiting' ? [event.for] : []));
}
