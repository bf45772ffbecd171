import { connectError, ConnectError } from '../postgres/connect-errors';
import { Silence, silenceAt } from '../postgres/first-word';
import type { Session, SessionTarget } from '../postgres/session';

/** For so long one that was not answered speaks for the others of the same command, and for no look of later. */
const HOLDS_MS = 2_000;

/** With the time before anybody asks, less than a new session is given for its first word. */
const WORD_MS = 1_500;

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
  /** What is being asked of servers that have not answered a statement yet: once, however many sessions wait. */
  private readonly asked = new Map<string, Promise<ConnectError | null>>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws ConnectError of the session before, where that one was not answered */
  async unlessSilent(target: SessionTarget, connect: () => Promise<Session>): Promise<Session> {
    const server = serverOf(target);
    const known = this.known(server);
    if (known !== null) throw known;
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

  /** Whether a server in which a statement is not answered says nothing to others either; null: it does. */
  silenceOf(target: SessionTarget): Promise<ConnectError | null> {
    const server = serverOf(target);
    const known = this.known(server);
    if (known !== null) return Promise.resolve(known);
    const asked = this.asked.get(server) ?? this.ask(target, server).finally(() => this.asked.delete(server));
    this.asked.set(server, asked);
    return asked;
  }

  private async ask(target: SessionTarget, server: string): Promise<ConnectError | null> {
    const silence = await silenceAt(target.host, target.port, WORD_MS);
    if (silence === null) return null;
    const error = connectError(target, silence);
    this.silences.set(server, { error, at: this.now() });
    return error;
  }

  private known(server: string): ConnectError | null {
    const known = this.silences.get(server);
    return known !== undefined && this.now() - known.at < HOLDS_MS ? known.error : null;
  }
}

const serverOf = ({ host, port }: SessionTarget): string => `${host}:${port}`;

/** Of this process: a command opens its connections more than once. */
export const SILENT_SERVERS = new SilentServers();
