// Bundles sql-runner into one file, and keeps V8's compiled code beside it: a start then reads two files instead of
// some thousand. Both live in node_modules/.cache, which `npm ci` removes together with what they were made from.
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
const { join } = require('node:path');
const { Script } = require('node:vm');

const PROJECT = join(__dirname, '..');
const ENTRY = join(__dirname, 'cli.ts');
const CACHE = join(PROJECT, 'node_modules', '.cache', 'sql-runner');
/** Folders whose TypeScript the bundle is made of; package-lock.json stands for all of node_modules, package.json has the version. */
const SOURCES = ['sql-runner', 'contract', 'errors'];

function startBundle() {
  const file = freshBundle();
  if (file === null) {
    require('tsx/cjs');
    require(ENTRY);
    return;
  }
  run(file);
}

/** @returns the bundle of the sources as they are now; null where none can be made, as in a read-only folder */
function freshBundle() {
  const file = join(CACHE, `${newestChange()}.js`);
  if (existsSync(file)) return file;
  try {
    mkdirSync(CACHE, { recursive: true });
    const old = readdirSync(CACHE);
    build(file);
    // Another process may be starting from one of these; what it has opened it keeps, and it makes its own anew.
    for (const name of old) rmSync(join(CACHE, name), { force: true, recursive: true });
    return file;
  } catch {
    // Started from the sources it is slower, and says itself what is wrong with them.
    return null;
  }
}

/** Appears whole or not at all: several processes may make it at the same time, and be killed at any moment. */
function build(file) {
  const whileMaking = `${file}.${process.pid}`;
  require('esbuild').buildSync({
    entryPoints: [ENTRY],
    outfile: whileMaking,
    bundle: true,
    minifyWhitespace: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
  });
  renameSync(whileMaking, file);
}

/** A number that changes with every source that is edited, added or removed. */
function newestChange() {
  const stamps = [
    join(PROJECT, 'package.json'),
    join(PROJECT, 'package-lock.json'),
    __filename,
    ...SOURCES.flatMap(sourcesBelow),
  ].map((file) => {
    const { mtimeMs, size } = statSync(file);
    return `${file} ${mtimeMs} ${size}`;
  });
  return require('node:crypto').createHash('sha256').update(stamps.join('\n')).digest('hex').slice(0, 16);
}

function sourcesBelow(folder) {
  const root = join(PROJECT, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(root, name));
}

function run(file) {
  const cache = `${file}.${process.version}.cache`;
  const body = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const text = `(function (exports, require, module, __filename) {${body}\n})`;
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  const script = new Script(text, { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected) process.on('exit', () => keepCompiled(script, cache));
  script.runInThisContext()({}, require, {}, file);
}

/** The code that this run has used, compiled. A start without it is slower, so failing to keep it is no error. */
function keepCompiled(script, cache) {
  try {
    writeFileSync(`${cache}.${process.pid}`, script.createCachedData());
    renameSync(`${cache}.${process.pid}`, cache);
  } catch {
    // Read-only by now, or removed by whoever made a newer bundle.
  }
}

module.exports = { startBundle };
