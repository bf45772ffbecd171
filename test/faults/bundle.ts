import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync, stop } from 'esbuild';
import { PROJECT } from '../../lab/demo/toolchain';

export interface Programs {
  /** sql-runner itself. */
  readonly cli: string;
  /** See standing-runner.ts. */
  readonly standing: string;
}

/**
 * Bundles sql-runner into one file each for its two uses here, and gives each a starter that keeps V8's compiled code
 * of the first run that ends by itself: hundreds of runs that have less to read and to compile.
 */
export async function bundlePrograms(directory: string): Promise<Programs> {
  const entries = { cli: join(PROJECT, 'sql-runner', 'cli.ts'), standing: join(__dirname, 'standing-main.ts') };
  buildSync({
    entryPoints: { cli: entries.cli, standing: entries.standing },
    outdir: directory,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    external: ['pg-native'],
    logLevel: 'error',
  });
  await stop();
  const starter = join(directory, 'sql-runner.js');
  writeFileSync(starter, STARTER);
  return { cli: starter, standing: join(directory, 'standing.js') };
}

/** The cache appears whole or not at all, as runs are killed at any time. */
const STARTER = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');
const file = require.resolve('./cli.js');
const cache = file + '.cache';
const body = readFileSync(file, 'utf8').replace(/^#!.*/, '');
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const text = '(function (exports, require, module, __filename, __dirname) {' + body + '\\n})';
const script = new Script(text, { filename: file, cachedData });
process.on('exit', () => {
  if (existsSync(cache)) return;
  writeFileSync(cache + process.pid, script.createCachedData());
  renameSync(cache + process.pid, cache);
});
script.runInThisContext()({}, require, {}, file, __dirname);
`;
