import { createHash, createHmac } from 'node:crypto';
import wire from 'pg/lib/crypto/utils';

/** More than the logins of a run, and those that a rotation adds. */
const KEPT = 16;

const derive = wire.deriveKey;
/** By password, salt and iterations. The password itself is in memory too, for the next login. */
const keys = new Map<string, Promise<ArrayBuffer>>();

/**
 * What SCRAM makes of a password by thousands of hashes is the same for each login of a user: the server sends the same
 * salt until the password changes. "A client implementation MAY cache ClientKey&ServerKey (or just SaltedPassword) for
 * later reauthentication to the same service" (RFC 5802); pg makes it anew for each session, of which a status has one in
 * each database. The proof of a login is made of it and of nonces of both sides, each time.
 */
wire.deriveKey = (password, salt, iterations) => {
  const which = JSON.stringify([password, Buffer.from(salt).toString('base64'), iterations]);
  const known = keys.get(which);
  if (known !== undefined) return known;
  const key = derive(password, salt, iterations);
  keys.set(which, key);
  key.catch(() => keys.delete(which));
  const [oldest] = keys.keys();
  if (keys.size > KEPT) keys.delete(oldest!);
  return key;
};

// The five short hashes of a login take microseconds each; pg hands each of them to another thread, and waits for it.
wire.hmacSha256 = (key, message) => Promise.resolve(createHmac('sha256', new Uint8Array(key)).update(message).digest());
wire.sha256 = (data) => Promise.resolve(createHash('sha256').update(new Uint8Array(data)).digest());
