import type { Finding } from '../model/change';
import type { Observation } from '../model/observation';

const LIFT = 'SET default_transaction_read_only = off;';

/**
 * What a finding says to carry out in a database of the clone that is read-only by default, begins with the statement
 * that lifts this for the session: without it the server refuses the rest. A statement of its own, for it counts from
 * the next transaction on.
 */
export function runnableOnClone(findings: readonly Finding[], observation: Observation | null): Finding[] {
  const databases = observation?.target?.readOnlyDatabases ?? [];
  return findings.map((finding) => ({ ...finding, next: databases.reduce(lifted, finding.next) }));
}

function lifted(next: string, database: string): string {
  const place = `in database ${database} on the clone: `;
  return next.replaceAll(place, () => `${place}${LIFT} `);
}
