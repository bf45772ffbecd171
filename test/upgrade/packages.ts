import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown away with node_modules. */
const CACHE = join(__dirname, '..', '..', 'node_modules', '.cache', 'postgresql-upgrade');
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** trixie has 17, sid 18. Not what the servers can do without: just-in-time compilation, and what is of a whole system. */
const SUITES = ['trixie', 'sid'];
const WANTED = ['postgresql-18', 'postgresql-17=17.*', 'libc-bin', 'libc6', 'coreutils', 'dash'];
const LEFT_OUT = /\/(libllvm|perl-modules|systemd_|udev)/;

/**
 * A folder with the programs of PostgreSQL 17 and 18, and all that they need: the npm packages of the lab's servers have
 * no pg_upgrade. They are Debian's, for another release than this machine may have, so they run in a root of their own.
 */
export function upgradeRoot(): string {
  const root = join(CACHE, 'root');
  const marker = join(CACHE, 'complete');
  if (existsSync(marker)) return root;
  if (process.getuid?.() !== 0)
    throw new Error('test:upgrade needs root: the programs run in a root of their own (chroot).');
  rmSync(CACHE, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial', 'root/dev'])
    mkdirSync(join(CACHE, folder), { recursive: true });
  const apt = aptWith(configuration());
  apt('apt-get', 'update');
  apt('apt-get', 'install', '-y', '--download-only', ...WANTED);
  // As every Debian has them, before a package makes folders of them.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  const archives = join(CACHE, 'cache', 'archives');
  const packages = readdirSync(archives).filter((name) => name.endsWith('.deb'));
  for (const name of packages.filter((one) => !LEFT_OUT.test(`/${one}`)))
    execFileSync('dpkg-deb', ['-x', join(archives, name), root], { stdio: 'pipe' });
  execFileSync('chroot', [root, 'ldconfig'], { stdio: 'pipe' });
  execFileSync('mknod', ['-m', '666', join(root, 'dev', 'null'), 'c', '1', '3'], { stdio: 'pipe' });
  rmSync(join(CACHE, 'cache'), { recursive: true });
  writeFileSync(marker, packages.join('\n'));
  return root;
}

/** apt that knows nothing of this machine, so that it fetches everything and installs nothing here. */
function configuration(): string {
  const sources = join(CACHE, 'sources.list');
  const lines = SUITES.map((suite) => `deb [signed-by=${KEYRING}] http://deb.debian.org/debian ${suite} main\n`);
  writeFileSync(sources, lines.join(''));
  writeFileSync(join(CACHE, 'status'), '');
  const file = join(CACHE, 'apt.conf');
  const settings = {
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::lists': join(CACHE, 'lists'),
    'Dir::State::status': join(CACHE, 'status'),
    'Dir::Cache': join(CACHE, 'cache'),
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
  };
  const text = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  writeFileSync(file, text.join(''));
  return file;
}

const aptWith =
  (file: string) =>
  (program: string, ...args: string[]): void => {
    execFileSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, APT_CONFIG: file } });
  };
