import { Socket } from 'node:net';
import type { Client, QueryResult } from 'pg';
import {
  connectError,
  ConnectError,
  connectionLost,
  isConnectionLoss,
  leadsToReader,
  type Address,
} from './connect-errors';
import { inTransaction, Lane, laneInside } from './lane';
import { CONNECT_MS, newClient } from './new-client';
import { laterSettingsSql } from './startup-settings';
import { quoteInteger } from './text/quoting';
import { AnswersInTurn, type SilenceOf } from './answer-in';
import { firstWordIn } from './first-word';
import { RepeatedStatements } from './repeated-statements';
import './scram-keys';
import { noteTimeout } from './timed-out-reads';
import type { TlsSetting } from './tls';

/** One database of one side, with the credentials to enter it. */
export interface SessionTarget extends Address {
  readonly password: string;
  readonly tls: TlsSetting;
}

/** Times are milliseconds; 0 means no limit. */
export interface SessionOptions {
  /** Every transaction refuses writes unless it asks otherwise, which nothing read-only does. */
  readonly readOnly: boolean;
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** How long the server may take to say anything at all; see first-word.ts. */
  readonly firstWordMs?: number;
  /** Of who only looks, see answer-in.ts. */
  readonly silenceOf?: SilenceOf;
  /**
   * The same questions come again: the server parses and plans each of them once, as a prepared statement, which is
   * most of what a question to the catalog costs it. Not for statements of one table each: they would be kept too.
   */
  readonly repeats?: boolean;
  /**
   * Further settings of the session. They travel in the startup packet, which no server setting logs: the way in
   * for secrets, which as statement text or parameters could end up in the log (log_statement, log_min_duration_statement).
   */
  readonly settings?: Readonly<Record<string, string>>;
  /** How values are written and rows filtered is as the database and the login have it: what runs is not ours. */
  readonly asItsUsers?: boolean;
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read';
  readonly readOnly?: boolean;
}

/**
 * One connection. Errors of a statement arrive as pg's DatabaseError (with its
 * SQLSTATE in `code`); the end of the connection as OperatorError
 * CONNECTION_LOST.
 *
 * Values arrive as pg gives them: int8 and numeric as text, because a Number
 * would round them silently. Readers of counts turn them into Number, readers
 * of WAL positions into bigint.
 */
export interface Session {
  readonly target: SessionTarget;
  /** As `server_version_num`: 170010 for 17.10. */
  readonly serverVersionNum: number;
  readonly backendPid: number;
  query<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /**
   * Runs `fn` between BEGIN and COMMIT; ROLLBACK when it throws. Not nestable. Whoever else shares the session waits:
   * its statements would run with the settings of `fn`, and fail with it.
   */
  transaction<T>(fn: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Also of a session whose server does not answer any more. */
  close(): Promise<void>;
}

export async function connectSession(target: SessionTarget, options: SessionOptions): Promise<Session> {
  const socket = new Socket();
  const client = newClient(target, options, socket);
  const session = new PgSession(target, { client, socket }, options);
  const answered = firstWordIn(options.firstWordMs ?? CONNECT_MS, socket, target.host);
  try {
    await session.enter();
    return session;
  } catch (cause) {
    await session.close();
    if (cause instanceof ConnectError) throw cause;
    throw connectError(target, cause, socket.bytesRead > 0);
  } finally {
    answered();
  }
}

/** How long a server may take to hang up. What is left open there it ends itself, once it goes on. */
const GOODBYE_MS = 5_000;
/** To whoever only looked: nothing of its work is left to be ended, and it has told that the server is silent. */
const SHORT_GOODBYE_MS = 500;

class PgSession implements Session {
  serverVersionNum = 0;
  backendPid = 0;
  private readonly client: Client;
  private readonly socket: Socket;
  private readonly readOnly: boolean;
  private readonly lockTimeoutMs: number;
  private readonly asItsUsers: boolean;
  private readonly repeated: RepeatedStatements | null;
  private readonly statementTimeoutMs: number;
  private readonly silenceOf: SilenceOf | undefined;
  private readonly answers = new AnswersInTurn();
  private lost: unknown;
  /**
   * Parts of a plan share a session. Statements that only read are sent without waiting for the answers to those before
   * (see new-client.ts); others one at a time, and a transaction is one piece of work.
   */
  private readonly lane = new Lane();

  constructor(
    readonly target: SessionTarget,
    { client, socket }: { readonly client: Client; readonly socket: Socket },
    { readOnly, lockTimeoutMs = 0, statementTimeoutMs = 0, repeats = false, silenceOf, asItsUsers }: SessionOptions,
  ) {
    this.asItsUsers = asItsUsers === true;
    this.client = client;
    this.socket = socket;
    this.readOnly = readOnly;
    this.lockTimeoutMs = lockTimeoutMs;
    this.statementTimeoutMs = statementTimeoutMs;
    this.silenceOf = silenceOf;
    this.repeated = repeats ? new RepeatedStatements() : null;
    // Without a listener Node ends the process when an idle connection breaks.
    client.on('error', (error) => {
      this.lost ??= error;
    });
  }

  async enter(): Promise<void> {
    const connected = this.client.connect();
    await this.answered(CONNECT_MS, connected).catch((cause: unknown) => {
      throw this.lost instanceof ConnectError ? this.lost : cause;
    });
    await this.prepare();
  }

  private async prepare(): Promise<void> {
    // One message, of which the server parses the second statement when the first is done. That one is first as it reads
    // no catalog: what comes next may have to wait for somebody who has locked one.
    // These here and not in the startup packet: some exist on some servers only; and of the others pg_settings goes on
    // to say what a session of this database and user starts with (postgres/catalog/session-settings.ts).
    const [row] = await this.query<{ version: number; pid: number; reader: boolean }>(
      `SET lock_timeout = ${quoteInteger(this.lockTimeoutMs)};
       SELECT current_setting('server_version_num')::int AS version, pg_backend_pid() AS pid,
              pg_is_in_recovery() AS reader, ${laterSettingsSql(this.asItsUsers)}`,
    );
    if (row!.reader) throw leadsToReader(this.target);
    this.serverVersionNum = row!.version;
    this.backendPid = row!.pid;
  }

  query<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]> {
    const ask = () => this.ask<T>(sql, values);
    const inside = laneInside(this);
    if (inside !== undefined) return inside.take(ask);
    return this.readOnly ? this.lane.share(ask) : this.lane.take(ask);
  }

  private async ask<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]> {
    try {
      return await this.send<T>(sql, values);
    } catch (cause) {
      if (this.readOnly) await noteTimeout(cause, sql, this.target, { query: (text) => this.send(text) });
      throw cause;
    }
  }

  private async send<T extends object>(sql: string, values?: readonly unknown[]): Promise<T[]> {
    if (this.lost !== undefined) throw connectionLost(this.target, this.lost);
    try {
      const parameters = values === undefined ? undefined : [...values];
      // Whoever calls query() is looked at in our place.
      // eslint-disable-next-line local/safe-sql
      const asked = this.client.query<T>({ text: sql, values: parameters, name: this.repeated?.nameOf(sql) });
      return rowsOf(await this.answered(this.statementTimeoutMs, asked));
    } catch (cause) {
      if (!isConnectionLoss(cause)) throw cause;
      this.lost ??= cause;
      throw connectionLost(this.target, this.lost);
    }
  }

  private answered<T>(withinMs: number, asked: Promise<T>): Promise<T> {
    return this.answers.in(withinMs, asked, (silence) => this.giveUp(silence), this.silenceOf);
  }

  private giveUp(silence: Error): void {
    this.lost ??= silence;
    this.socket.destroy();
  }

  async transaction<T>(fn: (session: Session) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    if (laneInside(this) !== undefined) throw new Error('a transaction within a transaction');
    return this.lane.take(() => inTransaction(this, () => this.between(options, fn)));
  }

  private async between<T>(options: TransactionOptions, fn: (session: Session) => Promise<T>): Promise<T> {
    await this.query(beginStatement(options));
    try {
      const result = await fn(this);
      await this.query('COMMIT');
      return result;
    } catch (error) {
      // The first error is the one to report; a ROLLBACK that fails means the connection is gone anyway.
      await this.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    // pg says goodbye and waits until the server hangs up (Client.end), which one that stands still never does.
    const patience = setTimeout(
      () => this.socket.destroy(),
      this.silenceOf === undefined ? GOODBYE_MS : SHORT_GOODBYE_MS,
    );
    await this.client.end().catch(() => undefined);
    clearTimeout(patience);
  }
}

/** Of several statements in one message pg gives a list of results. */
function rowsOf<T extends object>(result: QueryResult<T> | readonly QueryResult<T>[]): T[] {
  return (Array.isArray(result) ? result[result.length - 1] : result).rows;
}

const ISOLATION = {
  'read committed': ' ISOLATION LEVEL READ COMMITTED',
  'repeatable read': ' ISOLATION LEVEL REPEATABLE READ',
};

function beginStatement(options: TransactionOptions): string {
  const isolation = options.isolation === undefined ? '' : ISOLATION[options.isolation];
  const access = options.readOnly === undefined ? '' : options.readOnly ? ' READ ONLY' : ' READ WRITE';
  return `BEGIN${isolation}${access}`;
}
