import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OperatorError } from '../errors/operator-error';

/** Name of the lab when nobody gives one. */
export const DEFAULT_LAB = 'default';

/** The file by which a directory is a lab's. */
const MARK = '.aurora-lab';

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
  return usable(home, () => readdirSync(home, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && existsSync(join(home, entry.name, MARK)))
    .map((entry) => entry.name)
    .sort();
}

/** What a lab takes away with it, it must have made: LAB_HOME may be a directory with others in it. */
export function refuseForeign(directory: string): void {
  if (!existsSync(directory) || existsSync(join(directory, MARK)) || readdirSync(directory).length === 0) return;
  throw new OperatorError({
    code: 'LAB_DIRECTORY_FOREIGN',
    seen: `${directory} is there, and no lab has made it.`,
    why: 'A lab removes every file in its directory when it goes down, and before it is started again.',
    next: 'Use another name (--name), or another LAB_HOME, a directory for labs alone.',
  });
}

/**
 * Makes a lab's directory. Others may pass through, as root's servers run as
 * another user, but not look around.
 */
export function makeLabDirectory(directory: string): void {
  const home = dirname(directory);
  usable(home, () => mkdirSync(home, { recursive: true, mode: 0o711 }));
  const { uid } = lstatSync(home);
  if (uid !== userInfo().uid) {
    throw new OperatorError({
      code: 'LAB_HOME_FOREIGN',
      seen: `${home} belongs to another user (uid ${uid}).`,
      why: 'The lab keeps passwords there, and that user could read or replace them.',
      next: 'Set LAB_HOME to a directory of your own.',
    });
  }
  usable(home, () => mkdirSync(directory, { mode: 0o711 }));
  writeFileSync(join(directory, MARK), 'This directory, and all in it, goes with the lab: npm run lab -- down\n');
  // Whatever the umask is.
  chmodSync(directory, 0o711);
}

/** @throws OperatorError LAB_HOME_UNUSABLE */
function usable<T>(home: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new OperatorError({
      code: 'LAB_HOME_UNUSABLE',
      seen: `${home} cannot hold labs: ${(cause as Error).message}.`,
      why: 'Each lab has a directory of its own there, with its servers, their data and its passwords.',
      next: 'Set LAB_HOME to a directory that you may write to, or unset it.',
      cause,
    });
  }
}

/** Only the link, where it is one. Its mark goes last: what was left by one that was killed meanwhile is a lab's still. */
export async function removeLabDirectory(directory: string): Promise<void> {
  const patient = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
  const isOwn = lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
  const others = isOwn ? readdirSync(directory).filter((name) => name !== MARK) : [];
  for (const name of others) await rm(join(directory, name), patient);
  await rm(directory, patient);
}

/** The home goes with the last lab. */
export function removeEmptyHome(home: string): void {
  try {
    rmdirSync(home);
  } catch {
    // Another lab lives there, or it is gone already.
  }
}
