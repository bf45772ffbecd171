import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096;

/**
 * The verifier that PostgreSQL stores for a password (RFC 5803 as written by
 * src/common/scram-common.c): `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>`.
 *
 * Computed here so that `ALTER ROLE … PASSWORD` carries the verifier: a plain
 * password in that statement would reach the server's log and pg_stat_statements.
 *
 * Only printable ASCII is accepted: SASLprep (RFC 4013) leaves it as it is,
 * while other text would have to be normalised as the server does it, or the
 * role could not log in.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  if (!isPrintableAscii(password)) {
    throw new TypeError('A password must be one or more printable ASCII characters');
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

export const isPrintableAscii = (text: string): boolean => /^[\x20-\x7e]+$/.test(text);

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
