import type { EnvironmentStatus } from './status';

/** What a whole look costs the source over sessions that are open, in ms of a core; measured on PostgreSQL 17. */
const PER_DATABASE_MS = 6;
const PER_TABLE_MS = 0.03;
/** So much of it at the usual pace, which is once a minute: a six-hundredth of a core. */
const AT_USUAL_PACE_MS = 100;
const RAREST = 3;

/**
 * How many times rarer than usual everything is read anew of streams that are well: a large environment is not to cost
 * production more than a small one. By size, not by the time that it took: that is the machine's as well, and another each time.
 */
export function rarerBy({ streams }: Pick<EnvironmentStatus, 'streams'>): number {
  const databases = new Set(streams.map(({ database }) => database)).size;
  const tables = streams.reduce((sum, one) => sum + one.tables, 0);
  const cost = PER_DATABASE_MS * databases + PER_TABLE_MS * tables;
  return Math.min(RAREST, Math.max(1, cost / AT_USUAL_PACE_MS));
}
