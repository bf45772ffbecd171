import { Connections } from '../../../sql-runner/connections/connections';
import type { Open } from '../../../sql-runner/connections/open';
import type { Place } from '../../../sql-runner/model/address';
import type { Session, SessionOptions } from '../../../sql-runner/postgres/session';

/** How long a session that was kept may take to answer. One whose server stands still is given up. */
const ANSWER_MS = 2_000;

/**
 * Opens as sql-runner does, but keeps the sessions that only read for the next command of the same test: half of what
 * a plan costs a server is what a new session must learn of its catalog. Logins, and all that writes, are new each
 * time, and so is everything that the command line does in its own process.
 */
export class WarmSessions {
  private readonly idle = new Map<string, Session[]>();

  readonly open: Open = (...parts) => new WarmConnections(this, ...parts);

  /** One that still answers. */
  async take(key: string): Promise<Session | undefined> {
    for (;;) {
      const session = this.idle.get(key)?.pop();
      if (session === undefined || (await answers(session))) return session;
      void session.close();
    }
  }

  give(key: string, session: Session): void {
    const idle = this.idle.get(key) ?? [];
    this.idle.set(key, [...idle, session]);
  }

  /** Before what an idle session would be in the way of. */
  async end(): Promise<void> {
    const sessions = [...this.idle.values()].flat();
    this.idle.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }
}

async function answers(session: Session): Promise<boolean> {
  let patience: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (patience = setTimeout(() => resolve(false), ANSWER_MS)));
  const asked = session.query('SELECT 1').then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(patience));
}

class WarmConnections extends Connections {
  constructor(
    private readonly warm: WarmSessions,
    ...parts: ConstructorParameters<typeof Connections>
  ) {
    super(...parts);
  }

  override async open(
    place: Place,
    readOnly: boolean,
    more: Pick<SessionOptions, 'statementTimeoutMs' | 'settings'> = {},
  ): Promise<Session> {
    if (!readOnly || Object.keys(more).length > 0) return super.open(place, readOnly, more);
    const { source, target } = this.contracts;
    const cluster = place.side === 'source' ? source.cluster : target?.cluster;
    const key = JSON.stringify([cluster?.endpoint, cluster?.port, cluster?.adminSecretArn, place.database]);
    const session = (await this.warm.take(key)) ?? (await super.open(place, readOnly, more));
    return returned(session, () => this.warm.give(key, session));
  }
}

/** Whose goodbye gives it back. */
function returned(session: Session, give: () => void): Session {
  let given = false;
  const close = (): Promise<void> => {
    if (!given) give();
    given = true;
    return Promise.resolve();
  };
  return new Proxy(session, {
    get: (target, name) => (name === 'close' ? close : (Reflect.get(target, name, target) as unknown)),
  });
}
