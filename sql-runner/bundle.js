// Bundles a program of this project into one file, and keeps V8's compiled code beside it: a start then reads two files
// instead of some thousand. Both live in node_modules/.cache, which `npm ci` removes together with what they were made from.
const { createHash } = require('node:crypto');
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const PROJECT = join(__dirname, '..');
const CACHES = join(PROJECT, 'node_modules', '.cache');

/**
 * Bytecode that a function runs before V8 compiles it anew as machine code, 15 times what is usual: most runs are over
 * by then, and would wait for a processor that compiles. The processes that go on for days get there all the same.
 */
const LATER = '--interrupt-budget=1000000';

/**
 * @param program `name` of its cache; `entry`, its first file; `folders` whose TypeScript it is made of (package-lock.json
 *   stands for all of node_modules, package.json has the version); `external`: packages that are not put into it; `folder`:
 *   what its sources call __dirname, of which no more than one can be in a bundle
 */
function startBundle(program) {
  setFlagsFromString(LATER);
  const file = join(CACHES, program.name, `${newestChange(program)}.js`);
  run(file, kept(file) ?? made(file, program));
}

/** @returns the bundle of the sources as they are now, also where it cannot be kept, as in a read-only folder */
function made(file, program) {
  const bundle = Buffer.from(bundled(program).outputFiles[0].contents);
  const cache = dirname(file);
  try {
    mkdirSync(cache, { recursive: true });
    const old = readdirSync(cache).filter((name) => name !== basename(file));
    keep(file, bundle);
    // Another process may be starting from one of these; what it has opened it keeps, and it makes its own anew.
    for (const name of old) rmSync(join(cache, name), { force: true, recursive: true });
  } catch {
    // The next start makes it again: that is slower, and no error.
  }
  return bundle;
}

/**
 * @param program as `startBundle` has it
 * @returns what esbuild does, which says of what the bundle is made as well
 */
function bundled({ name, entry, external, folder }) {
  try {
    return require('esbuild').buildSync({
      absWorkingDir: PROJECT,
      metafile: true,
      entryPoints: [join(PROJECT, entry)],
      write: false,
      bundle: true,
      minifyWhitespace: true,
      keepNames: true,
      platform: 'node',
      target: 'node20',
      external,
      // pg asks by it whether it runs at Cloudflare, and Node 20 has none: pg would then make a Response, for which Node
      // loads its whole HTTP client.
      define: {
        navigator: '{"userAgent":"Node.js"}',
        ...(folder === undefined ? {} : { __dirname: JSON.stringify(join(PROJECT, folder)) }),
      },
      logLevel: 'error',
    });
  } catch ({ message }) {
    console.error(`${name} cannot be put together from its sources: ${message}`);
    console.error(
      'Nothing was done. The checkout, or what is installed for it, is not whole: npm ci installs it anew.',
    );
    process.exit(1);
  }
}

/** In hexadecimal it is 64 bytes long, so what follows it is aligned as V8 wants it. */
const DIGEST_BYTES = 64;
const digest = (data, of) => createHash('sha256').update(of).update(data).digest('hex');

/**
 * Appears whole or not at all: several processes may make it at the same time, and be killed at any moment.
 * @param of what it belongs to; beside another it is worth nothing
 */
function keep(file, data, of = '') {
  const whileMaking = `${file}.${process.pid}`;
  try {
    writeFileSync(whileMaking, Buffer.concat([Buffer.from(digest(data, of)), data]));
    rmSync(file, { force: true, recursive: true });
    renameSync(whileMaking, file);
  } finally {
    // What a full disk has taken of it. Once it has its name there is nothing left of this one.
    rmSync(whileMaking, { force: true });
  }
}

/**
 * What was kept; null unless it is just as it was written. A power cut or a full disk can leave less of it, and an empty
 * bundle would end with exit code 0; V8 trusts compiled code, and a damaged one takes the process down with it.
 */
function kept(file, of = '') {
  try {
    const whole = readFileSync(file);
    const data = whole.subarray(DIGEST_BYTES);
    return whole.toString('latin1', 0, DIGEST_BYTES) === digest(data, of) ? data : null;
  } catch {
    return null;
  }
}

/** A number that changes with every source that is edited, added or removed. */
function newestChange({ entry, folders }) {
  const stamps = [
    join(PROJECT, 'package.json'),
    join(PROJECT, 'package-lock.json'),
    __filename,
    join(PROJECT, entry),
    ...folders.flatMap((folder) => sourcesBelow(join(PROJECT, folder))).sort(),
  ].map((file) => {
    const { mtimeMs, size } = statSync(file);
    return `${file} ${mtimeMs} ${size}`;
  });
  return createHash('sha256').update(stamps.join('\n')).digest('hex').slice(0, 16);
}

/** readdirSync's own way down takes several times as long. */
function sourcesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function run(file, bundle) {
  const cache = `${file}.${process.version}.cache`;
  const body = bundle.toString('utf8').replace(/^#!.*/, '');
  const text = `(function (exports, require, module, __filename) {${body}\n})`;
  const cachedData = kept(cache, bundle) ?? undefined;
  const script = new Script(text, { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected)
    process.on('exit', () => keepCompiled(script, cache, bundle));
  script.runInThisContext()({}, require, {}, file);
}

/** The code that this run has used, compiled. A start without it is slower, so failing to keep it is no error. */
function keepCompiled(script, cache, bundle) {
  try {
    keep(cache, script.createCachedData(), bundle);
  } catch {
    // Read-only by now, or removed by whoever made a newer bundle.
  }
}

module.exports = { bundled, startBundle };
