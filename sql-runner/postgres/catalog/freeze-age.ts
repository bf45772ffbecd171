import type { Session } from '../session';

/** How far a database is from transaction id wraparound, at 2^31. */
export interface FreezeAge {
  readonly database: string;
  /** Transactions since its oldest unfrozen row. */
  readonly transactions: number;
  readonly multixacts: number;
}

/** Oldest first. */
export async function freezeAges(session: Session): Promise<FreezeAge[]> {
  return session.query<FreezeAge>(
    `SELECT datname::text AS database, age(datfrozenxid)::float8 AS transactions,
            mxid_age(datminmxid)::float8 AS multixacts
       FROM pg_database WHERE datallowconn ORDER BY 2 DESC, 1`,
  );
}
