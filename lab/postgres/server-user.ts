import { readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { homedir } from 'node:os';
import { OperatorError } from '../../environments/operator-error';

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
