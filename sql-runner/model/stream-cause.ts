import type { QualifiedName } from '../postgres/text/quoting';

/** What ended an apply worker, or keeps it from its work, as the server's log of the clone tells it. */
export type CauseKind =
  /** A row of the same key is there. */
  | 'conflict'
  /** A row that is changed or deleted is not there; from 18 on it is logged, and the worker goes on. */
  | 'row missing'
  | 'table missing'
  | 'column missing'
  /** Of a type, a domain or an encoding. */
  | 'value refused'
  | 'null refused'
  | 'check refused'
  /** A table that is not truncated with it refers to it. */
  | 'truncate refused'
  | 'permission denied'
  | 'no replica identity'
  | 'login refused'
  /** pg_hba.conf has no entry, or one that rejects. */
  | 'not let in'
  /** The role is gone, may not log in, or lacks REPLICATION. */
  | 'role refused'
  | 'authority unread'
  | 'certificate refused'
  | 'host unknown'
  | 'not reached'
  | 'database missing'
  /** Of connections, senders or workers. */
  | 'no room'
  | 'slot gone'
  | 'slot in use'
  | 'slot lost'
  | 'publication gone'
  | 'timeout'
  | 'no space'
  | 'terminated'
  | 'deadlock'
  | 'other';

export interface KeyPart {
  readonly column: string;
  readonly value: string;
}

export interface StreamCause {
  readonly kind: CauseKind;
  /** ISO 8601, by the clone's clock. */
  readonly at: string;
  /** Of the worker. */
  readonly pid: number;
  readonly table: QualifiedName | null;
  readonly column: string | null;
  readonly constraint: string | null;
  /** Of the row that stands in the way; null: not told, or not to be told apart. */
  readonly key: readonly KeyPart[] | null;
  /** It is the primary key, and nothing goes along with a row that is deleted; absent: nobody asked. */
  readonly deletable?: boolean;
  /** Why it may be a row of production's all the same, as a sentence; absent: nothing was seen that makes it one. */
  readonly earlier?: string;
  /** Its table is another one on the source, which comes once the clone's is dropped; absent: it is not. */
  readonly replaced?: true;
  /** Production publishes no table of that name now; absent: it does, or it was not looked at. */
  readonly unpublished?: true;
  /** Where the transaction ends that cannot be applied (from 15 on). */
  readonly finishLsn: string | null;
  /** The server's words, short, without values of rows. */
  readonly words: string;
  /** Whose process holds what is awaited. */
  readonly holder: number | null;
  /** Subscriptions, in words, of which each may be the one that it is about; empty: it is of its stream for certain. */
  readonly among: readonly string[];
}

/** What was read of the log. */
export interface LogSeen {
  /** Why not; null: it was read. */
  readonly unread: string | null;
  /** Of the oldest line that was read, ISO 8601. */
  readonly since: string | null;
  /** The instance that writes it, where it was found out: the clone's writer. */
  readonly writer?: string;
}
