import { ConnectError } from '../postgres/connect-errors';
import { Silence } from '../postgres/first-word';
import type { Session, SessionTarget } from '../postgres/session';

/** For so long one that was not answered speaks for the others of the same command, and for no look of later. */
const HOLDS_MS = 2_000;

interface Unanswered {
  readonly error: ConnectError;
  readonly at: number;
}

/**
 * Servers that have just said nothing. A command reads many databases of one, and begins anew by the other side where one
 * cannot be read: each of its sessions would wait for the same silence again.
 */
export class SilentServers {
  private readonly silences = new Map<string, Unanswered>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws ConnectError of the session before, where that one was not answered */
  async unlessSilent(target: SessionTarget, connect: () => Promise<Session>): Promise<Session> {
    const server = `${target.host}:${target.port}`;
    const known = this.silences.get(server);
    if (known !== undefined && this.now() - known.at < HOLDS_MS) throw known.error;
    try {
      const session = await connect();
      this.silences.delete(server);
      return session;
    } catch (cause) {
      const isSilent = cause instanceof ConnectError && cause.cause instanceof Silence;
      if (isSilent) this.silences.set(server, { error: cause, at: this.now() });
      throw cause;
    }
  }
}

/** Of this process: a command opens its connections more than once. */
export const SILENT_SERVERS = new SilentServers();
