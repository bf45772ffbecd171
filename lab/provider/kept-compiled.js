// What Terraform starts: the provider's bundle, with what V8 compiled of it the first time. Terraform starts the provider
// up to four times a command, and each time half of what a start costs would be to compile the same text.
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

const file = `${__dirname}/bundle.js`;
const cache = `${file}.${process.version}.cache`;
/** esbuild writes ASCII. */
const text = `(function (require, module, exports, __dirname, __filename) {${readFileSync(file, 'latin1')}\n})`;
const script = new Script(text, { filename: file, cachedData: compiled() });
if (script.cachedDataRejected !== false) process.once('exit', keep);
script.runInThisContext()(require, module, exports, __dirname, file);

function compiled() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: others may be starting. Without it the next start is slower, and no more. */
function keep() {
  try {
    const whileMaking = `${cache}.${process.pid}`;
    writeFileSync(whileMaking, script.createCachedData());
    renameSync(whileMaking, cache);
  } catch {
    // Read-only, or taken down by now.
  }
}
