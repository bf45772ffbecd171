import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ADMIN_ROLE } from '../../lab/postgres/roles';

const OF_LAB = ['lab.conf', 'lab-seed.conf', 'lab-server.conf', 'rds-ca.pem', 'server.crt', 'server.key'];
const DEFAULTS = "# The lab's defaults";

export interface Upgraded {
  readonly done: boolean;
  /** What pg_upgrade said. */
  readonly said: string;
}

/** A server of the lab that is stopped, brought from 17 to 18 by pg_upgrade; where that refuses, it is as it was. */
export function pgUpgrade(root: string, dataDirectory: string): Upgraded {
  const home = join(root, 'upgrade');
  const { uid, gid } = statSync(dataDirectory);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { mode: 0o700 });
  chownSync(home, uid, gid);
  writeFileSync(join(root, 'etc', 'passwd'), `lab:x:${uid}:${gid}::/upgrade:/bin/sh\n`);
  const old = join(home, 'old');
  execFileSync('cp', ['-a', dataDirectory, old]);
  writeFileSync(join(old, 'pg_hba.conf'), 'local all all trust\n');
  const inside = (program: string, ...args: string[]) => {
    const command = [
      `--userspec=${uid}:${gid}`,
      root,
      '/usr/bin/env',
      'HOME=/upgrade',
      'LC_ALL=C',
      'PATH=/usr/bin:/bin',
    ];
    return spawnSync('chroot', [...command, '/bin/sh', '-c', 'cd /upgrade && exec "$0" "$@"', program, ...args], {
      encoding: 'utf8',
    });
  };
  const bin = (major: number) => `/usr/lib/postgresql/${major}/bin`;
  const initdb = [
    '-D',
    'new',
    '-U',
    ADMIN_ROLE,
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-data-checksums',
    '--no-sync',
  ];
  const made = inside(`${bin(18)}/initdb`, ...initdb);
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}${made.stdout}`);
  configure(old, join(home, 'new'), { uid, gid });
  const places = ['-b', bin(17), '-B', bin(18), '-d', '/upgrade/old', '-D', '/upgrade/new'];
  const ran = inside(`${bin(18)}/pg_upgrade`, ...places, '-U', ADMIN_ROLE, '--no-sync');
  const said = `${ran.stdout}${ran.stderr}${logs(join(home, 'new'))}`;
  if (ran.status === 0) replace(dataDirectory, join(home, 'new'));
  rmSync(home, { recursive: true });
  return { done: ran.status === 0, said };
}

/** The settings of the lab, with which pg_upgrade starts both servers too: those of its command line come first. */
function configure(from: string, to: string, { uid, gid }: { uid: number; gid: number }): void {
  for (const name of OF_LAB.filter((one) => existsSync(join(from, one)))) {
    copyFileSync(join(from, name), join(to, name));
    chownSync(join(to, name), uid, gid);
  }
  const text = readFileSync(join(from, 'postgresql.conf'), 'utf8');
  appendFileSync(join(to, 'postgresql.conf'), `\n${text.slice(text.indexOf(DEFAULTS))}`);
}

function replace(dataDirectory: string, upgraded: string): void {
  copyFileSync(join(dataDirectory, 'pg_hba.conf'), join(upgraded, 'pg_hba.conf'));
  copyFileSync(join(dataDirectory, 'postgresql.auto.conf'), join(upgraded, 'postgresql.auto.conf'));
  rmSync(dataDirectory, { recursive: true });
  execFileSync('cp', ['-a', upgraded, dataDirectory]);
}

/** The slots that it refuses are named in a file beside. */
function logs(directory: string): string {
  const output = join(directory, 'pg_upgrade_output.d');
  if (!existsSync(output)) return '';
  return spawnSync('find', [output, '-name', '*.txt', '-exec', 'cat', '{}', '+'], { encoding: 'utf8' }).stdout;
}
