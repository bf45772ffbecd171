import type { Session } from '../session';
import { mayCreate } from './database-grants';
import { ddlLogs } from './ddl-logs';

/** Facts by name, each with what reads it. */
export type Readers = Readonly<Record<string, (session: Session) => Promise<unknown>>>;

/** What such readers have read. */
export type Observed<R extends Readers> = { readonly [K in keyof R]: Awaited<ReturnType<R[K]>> };

/** What a plan reads of each database of the source, and resources find there under these names. */
export const OF_SOURCE_DATABASE = {
  /** Publications are made with the privilege CREATE on the database. */
  mayCreate,
  /** What DDL is written down by. */
  ddl: ddlLogs,
};
