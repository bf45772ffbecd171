const { AsyncLocalStorage } = require('node:async_hooks');
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Each test file gets every module anew, and most of what that costs is that V8 reads the same source again. What it
 * knows of a source after the first time is kept for the other files of this worker.
 */
const known = new Map();
/** Below this, reading anew is as fast. */
const SHORT = 2_000;

const compile = vm.compileFunction;
vm.compileFunction = (code, parameters, options = {}) => {
  const { filename, parsingContext } = options;
  if (parsingContext === undefined || filename === undefined || code.length < SHORT)
    return compile(code, parameters, options);
  const before = known.get(filename);
  if (before?.code === code) return compile(code, parameters, { ...options, cachedData: before.cachedData });
  const compiled = compile(code, parameters, { ...options, produceCachedData: true });
  if (compiled.cachedData !== undefined) known.set(filename, { code, cachedData: compiled.cachedData });
  return compiled;
};

/**
 * A worker that has nothing left to do ends at once. To give back its memory piece by piece takes it up to half a second,
 * and jest kills after half a second what has not ended, and says that tests leak. One that has something left open
 * does not come to this point, and is told of as before.
 */
if (process.send !== undefined) process.once('beforeExit', () => process.exit());

/**
 * Nobody waits any more for a worker whose jest was killed; what it has started is swept by the next run. It looks by
 * itself: whoever listens for the end of the channel keeps it open.
 */
if (process.send !== undefined) setInterval(() => process.connected || process.exit(), 500).unref();

/**
 * Up to Node 22 every promise carries a value for each storage that was ever run in its process. Each test file has
 * storages of its own, and those of files that have ended would be carried by all that come after.
 */
const storages = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

module.exports = class extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of storages) storage.disable();
    storages.clear();
  }
};
