import { OperatorError } from '../../../environments/operator-error';
import { readLogin } from '../../aws/secrets';
import { formatConninfo } from '../../postgres/conninfo';
import type { Connections } from '../connections';

/** How the clone's server reaches the source. TLS is always verified against the host name. */
export async function subscriptionConninfo(connections: Connections, database: string): Promise<string> {
  const { cluster, replication, environment } = connections.contracts.source;
  const login = await readLogin(connections.sourceAccount, replication.secretArn);
  if (login === null) {
    throw new OperatorError({
      code: 'REPLICATION_SECRET_EMPTY',
      seen: `secret ${replication.secretArn} of the replication role has no value`,
      why: 'the subscription logs in with it',
      next: `run sql-runner apply ${environment} again: it makes a new password`,
    });
  }
  return formatConninfo({
    host: cluster.endpoint,
    port: cluster.port,
    dbname: database,
    user: login.username,
    password: login.password,
    sslmode: 'verify-full',
    sslrootcert: replication.sslRootCert,
    // A silent peer is noticed within a minute, not after the kernel's two hours.
    keepalives_idle: 30,
    keepalives_interval: 10,
    keepalives_count: 3,
  });
}
