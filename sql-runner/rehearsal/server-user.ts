import { chownSync, readFileSync } from 'node:fs';
import { OperatorError } from '../../errors/operator-error';

/** As whom the servers run: PostgreSQL refuses to run as root. Undefined: as whoever runs this. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** For root another user, as initdb looks its uid up in the passwd file. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const named = ['postgres', 'nobody'].map((name) => entries.find(([entry]) => entry === name));
  const found = [...named, ...entries].find((entry) => Number(entry?.[2]) > 0 && Number(entry?.[3]) > 0);
  if (found !== undefined) return { uid: Number(found[2]), gid: Number(found[3]) };
  throw new OperatorError({
    code: 'DDL_SCRATCH_FAILED',
    seen: 'this process runs as root, and /etc/passwd has no other user',
    why: 'PostgreSQL refuses to run as root',
    next: 'run it as an ordinary user, or add one: useradd --system postgres',
  });
}

export function giveTo(user: ServerUser | undefined, path: string): void {
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}
