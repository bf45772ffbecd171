import { readFileSync } from 'node:fs';
import {
  connectSession,
  type Session,
  type SessionOptions,
  type SessionTarget,
} from '../../../sql-runner/postgres/session';
import type { TestCluster } from '../../support/postgres';
import { PATIENCE_MS } from '../../support/patience';

/** How sql-runner would reach a database of the test cluster: as the master user, over verified TLS. */
export function targetOf(test: TestCluster, database: string, side: 'source' | 'target' = 'source'): SessionTarget {
  const tls = { ca: readFileSync(test.cluster.caFile, 'utf8') };
  return { side, host: 'localhost', port: test.cluster.port, ...test.master, database, tls };
}

export const openSession = (target: SessionTarget, options: Partial<SessionOptions> = {}): Promise<Session> =>
  connectSession(target, { readOnly: true, applicationName: 'test', statementTimeoutMs: PATIENCE_MS, ...options });
