import { fchownSync, readFileSync, statSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { OperatorError } from '../../errors/operator-error';

/** The operating-system user that owns the data directories and runs the servers. */
export interface ServerUser {
  readonly name: string;
  /** Both are set only where this process has to change user, that is when it is root. */
  readonly uid?: number;
  readonly gid?: number;
  readonly home: string;
}

interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

const PREFERRED = ['postgres', 'nobody'];

let cached: ServerUser | undefined;

/**
 * Who runs the servers: the current user, or for root another user, as
 * PostgreSQL refuses to run as root. initdb looks its own uid up, so a bare
 * unused uid will not do: it has to be one of the passwd file.
 *
 * @throws OperatorError LAB_NO_SERVER_USER when root finds nobody to change to
 */
export function serverUser(): ServerUser {
  cached ??= process.getuid?.() === 0 ? choose(readPasswd()) : { name: 'the current user', home: homedir() };
  return cached;
}

/** Gives a path to the server user. Does nothing unless this process is root. */
export async function giveToServer(path: string, user: ServerUser = serverUser()): Promise<void> {
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(path, user.uid, user.gid);
  }
}

/** The same for a file that is open, at once. */
export function giveOpenFileToServer(file: number, user: ServerUser = serverUser()): void {
  if (user.uid !== undefined && user.gid !== undefined) fchownSync(file, user.uid, user.gid);
}

/**
 * Fails early where the server user cannot reach a directory: initdb would
 * only say "Permission denied", without the directory that denies it.
 *
 * @param directory absolute; exists
 * @throws OperatorError LAB_DIRECTORY_CLOSED
 */
export function assertReachable(directory: string, user: ServerUser = serverUser()): void {
  const closed = user.uid === undefined ? undefined : ancestors(directory).find((path) => !mayEnter(path, user));
  if (closed !== undefined) {
    throw new OperatorError({
      code: 'LAB_DIRECTORY_CLOSED',
      seen: `The user ${user.name} may not enter ${closed}.`,
      why: `As PostgreSQL refuses to run as root, that user runs the servers, and their data are in ${directory}.`,
      next: 'Set LAB_HOME to a directory that every user may enter (/var/tmp/aurora-lab), or run the lab as an ordinary user.',
    });
  }
}

/** From the root down to the directory itself. */
function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [...ancestors(parent), directory];
}

function mayEnter(path: string, user: ServerUser): boolean {
  const { uid, gid, mode } = statSync(path);
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}

function readPasswd(): PasswdEntry[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 7)
    .map(([name = '', , uid, gid, , home = '/']) => ({ name, uid: Number(uid), gid: Number(gid), home }));
}

/** Exported for its test: the choice must not depend on the machine that runs it. */
export function choose(entries: readonly PasswdEntry[]): ServerUser {
  const unprivileged = entries.filter((entry) => entry.uid > 0 && entry.gid > 0);
  const named = PREFERRED.map((name) => unprivileged.find((entry) => entry.name === name));
  const chosen = [...named, ...unprivileged].find((entry) => entry !== undefined);
  if (chosen === undefined) {
    throw new OperatorError({
      code: 'LAB_NO_SERVER_USER',
      seen: 'This process runs as root, and /etc/passwd lists no other user.',
      why: 'PostgreSQL refuses to run as root.',
      next: 'Run the lab as an ordinary user, or add one: useradd --system postgres',
    });
  }
  return chosen;
}
