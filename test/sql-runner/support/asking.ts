import type { Ask } from '../../../sql-runner/connections/reading';
import type { Session } from '../../../sql-runner/postgres/session';

/** Asks one session, and asks it every time. */
export const asking =
  (session: Session): Ask =>
  (reader, ...args) =>
    reader(session, ...args);
