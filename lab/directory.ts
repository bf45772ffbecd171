import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../errors/operator-error';

/** Name of the lab when nobody gives one. */
export const DEFAULT_LAB = 'default';

/** The checkout that this file belongs to. */
export const CHECKOUT = dirname(__dirname);

/**
 * Where the labs of this user and checkout live: `LAB_HOME`, or a directory of
 * the system's temporary one that no other user or checkout shares.
 */
export function labHome(): string {
  const given = process.env.LAB_HOME;
  if (given !== undefined && given !== '') return resolve(given);
  const checkout = createHash('sha256').update(CHECKOUT).digest('hex').slice(0, 8);
  return join(tmpdir(), `aurora-lab-${userInfo().uid}-${checkout}`);
}

export function labDirectory(name: string, home = labHome()): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name)) {
    throw new OperatorError({
      code: 'LAB_NAME_INVALID',
      seen: `"${name}" cannot be the name of a lab.`,
      why: 'The name becomes a directory.',
      next: 'Use up to 40 letters, digits, "-" and "_", starting with a letter or digit.',
    });
  }
  return join(home, name);
}

export function listLabs(home = labHome()): string[] {
  if (!existsSync(home)) return [];
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Makes a lab's directory. Others may pass through, as root's servers run as
 * another user, but not look around.
 */
export function makeLabDirectory(directory: string): void {
  const home = dirname(directory);
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const { uid } = lstatSync(home);
  if (uid !== userInfo().uid) {
    throw new OperatorError({
      code: 'LAB_HOME_FOREIGN',
      seen: `${home} belongs to another user (uid ${uid}).`,
      why: 'The lab keeps passwords there, and that user could read or replace them.',
      next: 'Set LAB_HOME to a directory of your own.',
    });
  }
  mkdirSync(directory, { mode: 0o711 });
  // Whatever the umask is.
  chmodSync(directory, 0o711);
}

/** The home goes with the last lab. */
export function removeEmptyHome(home: string): void {
  try {
    rmdirSync(home);
  } catch {
    // Another lab lives there, or it is gone already.
  }
}
