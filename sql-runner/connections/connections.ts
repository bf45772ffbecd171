import { OperatorError } from '../../errors/operator-error';
import type { ClusterContract, Contracts, Side } from '../../contract/contract';
import { accountClients, type AccountClients } from '../aws/clients';
import { readLogin, type Login } from '../aws/secrets';
import { connectSession, type Session, type SessionOptions, type SessionTarget } from '../postgres/session';
import { tlsSetting } from '../postgres/tls';
import { CONNINFO_SETTING } from '../postgres/text/conninfo';
import type { Place } from '../model/address';
import { applicationName } from '../model/run-id';
import { firstExisting } from './first-existing';
import { ofSide } from './of-side';
import { readOnce, type Reading } from './reading';
import { SessionPool } from './session-pool';
import { refuseMixedSides } from './sides';
import { SILENT_SERVERS } from './silent-servers';
import { subscriptionConninfo } from './subscription-conninfo';
import { WritingSessions } from './writing-sessions';
import type { StreamOf } from '../model/streams';

/** Who only looks has told within 5 s which side does not answer. What changes something is given longer for its work. */
const FIRST_WORD_MS = 3_000;
const READ_TIMEOUTS = {
  statementTimeoutMs: 60_000,
  lockTimeoutMs: 5_000,
  idleInTransactionTimeoutMs: 600_000,
  firstWordMs: FIRST_WORD_MS,
};
/** Databases of a side that are read at a time. Their sessions are beside the one for the server as a whole. */
const READ_AT_A_TIME = 8;
/** Sessions of a side that stay open for whoever looks again and again; of more databases some make way for others. */
const AT_REST = 64;
/** Databases of a side that sessions to write to stay open in. */
const WRITTEN_AT_A_TIME = 8;
/** Slot creation waits for open transactions, hence the long limit; locks are never waited for that long. */
const WRITE_TIMEOUTS = { statementTimeoutMs: 3_600_000, lockTimeoutMs: 5_000, idleInTransactionTimeoutMs: 600_000 };

/**
 * The accounts and databases of one environment, opened as they are asked for.
 * Reading and writing sessions are apart: what only reads cannot write.
 */
export class Connections {
  readonly sourceAccount: AccountClients;
  readonly targetAccount: AccountClients;
  private readonly firsts = new Map<Side, Promise<Place>>();
  private readonly logins = new Map<Side, Promise<Login>>();
  private readonly pools: Readonly<Record<Side, SessionPool>>;
  private readonly writing = new WritingSessions(WRITTEN_AT_A_TIME);
  private closed = false;
  private looks = false;

  /**
   * @param connects something of it may log in with the secret of the replication role: all but a teardown
   * @param forgotten of the streams of the contracts, those that the environment's file names no more
   * @param read how facts are read of what is opened
   */
  constructor(
    readonly contracts: Contracts,
    readonly connects = true,
    readonly forgotten: readonly StreamOf[] = [],
    private readonly read: (connections: Connections) => Reading = readOnce,
  ) {
    refuseMixedSides(contracts);
    const { source } = contracts;
    this.sourceAccount = accountClients(source.account, source.region);
    this.targetAccount = accountClients(source.targetAccount, source.region);
    const pool = (side: Side) => new SessionPool(READ_AT_A_TIME, (database) => this.open({ side, database }, true));
    this.pools = { source: pool('source'), target: pool('target') };
  }

  /** Reads one of many databases, when its turn comes; on the kept session where the place has one. */
  use<T>(place: Place, read: (session: Session) => Promise<T>): Promise<T> {
    return this.pools[place.side].use(place.database, read);
  }

  /** A read-only session, kept open until `close`: for the server as a whole, or for a few databases. */
  reader(place: Place): Promise<Session> {
    return this.pools[place.side].keep(place.database);
  }

  /** Sessions of as many databases as may be stay open: it is looked again and again. */
  keepAtRest(): void {
    for (const pool of Object.values(this.pools)) pool.keepAtRest(AT_REST);
  }

  /** Nothing is changed by it: a server that falls silent meanwhile is told of soon, as one that was so from the start. */
  onlyLooks(): void {
    this.looks = true;
  }

  /** For one plan, diagnosis or status. */
  reading(): Reading {
    return this.read(this);
  }

  /** See first-existing.ts. Looked for once, until the sessions end. */
  first(side: Side): Promise<Place> {
    const first = this.firsts.get(side) ?? firstExisting(this, side);
    this.firsts.set(side, first);
    first.catch(() => this.firsts.delete(side));
    return first;
  }

  /**
   * Stays open, unless many other places are written to before it is asked for again.
   * @param prepare runs once on each new session, before anybody gets it
   */
  writer(place: Place, prepare: (session: Session) => Promise<void>): Promise<Session> {
    return this.writing.get(place, async () => {
      const session = await this.open(place, false, { settings: await this.secretSettings(place) });
      try {
        await prepare(session);
        return session;
      } catch (error) {
        await session.close();
        throw error;
      }
    });
  }

  /** A session of the caller's own, which it closes. */
  async open(
    place: Place,
    readOnly: boolean,
    more: Pick<SessionOptions, 'statementTimeoutMs' | 'settings' | 'asItsUsers'> = {},
  ): Promise<Session> {
    const timeouts = readOnly ? READ_TIMEOUTS : WRITE_TIMEOUTS;
    const name = applicationName(this.contracts.source.environment);
    const address = await this.address(place);
    if (this.closed) throw this.ended();
    const connect = (): Promise<Session> =>
      connectSession(address, {
        readOnly,
        applicationName: name,
        // What is read of a catalog is asked in the same words each time; what has its own limit is of one table each.
        repeats: readOnly && more.statementTimeoutMs === undefined,
        ...(readOnly && this.looks ? { silenceOf: () => SILENT_SERVERS.silenceOf(address) } : {}),
        ...timeouts,
        ...more,
      });
    const session = await (readOnly ? SILENT_SERVERS.unlessSilent(address, connect) : connect());
    if (!this.closed) return session;
    // Whoever asked for it has failed elsewhere meanwhile; an open session would keep the process alive.
    await session.close();
    throw this.ended();
  }

  private ended(): Error {
    return new Error(`the connections to ${this.contracts.source.environment} are closed`);
  }

  /** As `place`, but logged in as somebody else. */
  async openAs(place: Place, login: Login): Promise<Session> {
    const address = { ...(await this.address(place)), user: login.username, password: login.password };
    const options = { readOnly: true, applicationName: 'sql-runner login test', ...READ_TIMEOUTS };
    return SILENT_SERVERS.unlessSilent(address, () => connectSession(address, options));
  }

  /**
   * Forgets every session, or those of one side: after a server restart they are gone.
   * The locks of writing sessions end with them.
   */
  async closeSessions(side?: Side): Promise<void> {
    const sides = (['source', 'target'] as const).filter((one) => side === undefined || one === side);
    for (const one of sides) this.firsts.delete(one);
    await Promise.all([...sides.map((one) => this.pools[one].close()), this.writing.close(side)]);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.closeSessions();
    this.sourceAccount.destroy();
    this.targetAccount.destroy();
  }

  /** What resources/subscription.ts reads as a setting on the clone. A new password needs new sessions. */
  private async secretSettings(place: Place): Promise<Record<string, string>> {
    if (place.side === 'source' || !this.connects) return {};
    const { source } = this.contracts;
    const login = await readLogin(this.sourceAccount, source.replication.secretArn);
    return login === null ? {} : { [CONNINFO_SETTING]: subscriptionConninfo(source, login, place.database) };
  }

  private async address(place: Place): Promise<SessionTarget> {
    const cluster = this.cluster(place.side);
    const login = await this.login(place.side, cluster.adminSecretArn);
    return {
      side: place.side,
      host: cluster.endpoint,
      port: cluster.port,
      user: login.username,
      password: login.password,
      database: place.database,
      tls: tlsSetting(),
    };
  }

  private cluster(side: Side): ClusterContract {
    if (side === 'source') return this.contracts.source.cluster;
    if (this.contracts.target === null) throw new Error('the target is not deployed');
    return this.contracts.target.cluster;
  }

  private login(side: Side, secretArn: string): Promise<Login> {
    let login = this.logins.get(side);
    if (login === undefined) {
      login = ofSide(side, this.readAdminLogin(side, secretArn));
      this.logins.set(side, login);
    }
    return login;
  }

  private async readAdminLogin(side: Side, secretArn: string): Promise<Login> {
    const login = await readLogin(side === 'source' ? this.sourceAccount : this.targetAccount, secretArn);
    if (login !== null) return login;
    throw new OperatorError({
      code: 'ADMIN_SECRET_EMPTY',
      seen: `secret ${secretArn} of the ${side}'s master user has no value, or does not exist`,
      why: 'sql-runner logs in to the database with it',
      next: 'where its cluster was deleted, deploy its stack again; else store {"username": "…", "password": "…"} of the master user in it, or let RDS manage the master password',
    });
  }
}
