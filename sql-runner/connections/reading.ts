import type { Contracts, Side } from '../../contract/contract';
import type { AccountClients } from '../aws/clients';
import type { Place } from '../model/address';
import type { Session } from '../postgres/session';
import type { Connections } from './connections';

/** Reads one fact of one database, or of its server. */
export type Reader<A extends readonly unknown[], T> = (session: Session, ...args: A) => Promise<T>;
/** Reads one fact of one account. */
export type AwsReader<A extends readonly unknown[], T> = (clients: AccountClients, ...args: A) => Promise<T>;

/** Asks one database for a fact. */
export type Ask = <A extends readonly unknown[], T>(reader: Reader<A, T>, ...args: A) => Promise<T>;

/**
 * What one plan, diagnosis or status reads of both sides. The same fact of the
 * same place is read once, whoever asks for it, also while the answer is on its
 * way: so all who judge it judge the same.
 *
 * Where the order of reads is a matter of truth, a fact must be asked for by one
 * alone, or be read `again`: an answer may be older than the question.
 */
export interface Reading {
  readonly connections: Connections;
  readonly contracts: Contracts;
  /** A database to ask about the cluster as a whole; see first-existing.ts. */
  first(side: Side): Promise<Place>;
  /** All that `work` asks it asks on one session, which stays open meanwhile. It must not wait for another place. */
  at<T>(place: Place, work: (ask: Ask) => Promise<T>): Promise<T>;
  ask<A extends readonly unknown[], T>(place: Place, reader: Reader<A, T>, ...args: A): Promise<T>;
  /** Reads it now, whatever was read before, and remembers nothing. */
  again<A extends readonly unknown[], T>(place: Place, reader: Reader<A, T>, ...args: A): Promise<T>;
  /** Asks the account of a side. */
  aws<A extends readonly unknown[], T>(side: Side, reader: AwsReader<A, T>, ...args: A): Promise<T>;
}

/** As whom a database was entered. */
export const loginOf = async ({ target }: Session): Promise<string> => target.user;

/** As `server_version_num`. */
export const versionOf = async ({ serverVersionNum }: Session): Promise<number> => serverVersionNum;

export function readOnce(connections: Connections): Reading {
  return new Once(connections);
}

class Once implements Reading {
  private readonly answers = new Map<unknown, Map<string, Promise<unknown>>>();

  constructor(readonly connections: Connections) {}

  get contracts(): Contracts {
    return this.connections.contracts;
  }

  first(side: Side): Promise<Place> {
    return this.connections.first(side);
  }

  at<T>(place: Place, work: (ask: Ask) => Promise<T>): Promise<T> {
    return this.connections.use(place, (session) =>
      work((reader, ...args) => this.once(reader, [place.side, place.database, args], () => reader(session, ...args))),
    );
  }

  ask<A extends readonly unknown[], T>(place: Place, reader: Reader<A, T>, ...args: A): Promise<T> {
    return this.once(reader, [place.side, place.database, args], () => this.again(place, reader, ...args));
  }

  again<A extends readonly unknown[], T>(place: Place, reader: Reader<A, T>, ...args: A): Promise<T> {
    return this.connections.use(place, (session) => reader(session, ...args));
  }

  aws<A extends readonly unknown[], T>(side: Side, reader: AwsReader<A, T>, ...args: A): Promise<T> {
    const { sourceAccount, targetAccount } = this.connections;
    return this.once(reader, [side, args], () => reader(side === 'source' ? sourceAccount : targetAccount, ...args));
  }

  private once<T>(reader: unknown, asked: readonly unknown[], read: () => Promise<T>): Promise<T> {
    const known = this.answers.get(reader) ?? new Map<string, Promise<unknown>>();
    this.answers.set(reader, known);
    const key = JSON.stringify(asked);
    const answer = known.get(key) ?? read();
    known.set(key, answer);
    return answer as Promise<T>;
  }
}
