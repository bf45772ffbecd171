import type { SourceContract } from '../../contract/contract';
import type { Login } from '../aws/secrets';
import { formatConninfo } from '../postgres/text/conninfo';
import { keepSecret } from '../explain/redaction';

/** How the clone's server reaches the source. TLS is always verified against the host name. */
export function subscriptionConninfo(contract: SourceContract, login: Login, database: string): string {
  // The servers on both ends may quote it in an error.
  keepSecret(login.password);
  return formatConninfo({
    host: contract.cluster.endpoint,
    port: contract.cluster.port,
    dbname: database,
    user: login.username,
    password: login.password,
    sslmode: 'verify-full',
    sslrootcert: contract.replication.sslRootCert,
    // A silent peer is noticed within a minute, not after the kernel's two hours.
    keepalives_idle: 30,
    keepalives_interval: 10,
    keepalives_count: 3,
  });
}
