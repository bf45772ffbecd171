import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryOf, judge, parseAccepted } from './accepted';
import { quickTests, sourcesIn } from './quick-tests';
import type { Mutant, Order, Result } from './results';
import { makeSandbox, removeSandbox } from './sandbox';

const ROOT = join(__dirname, '..', '..');
const MUTATED = ['sql-runner/engine', 'sql-runner/resources', 'sql-runner/checks'];
const TESTS = MUTATED.map((folder) => join('test', folder));
const LIST = join('docs', 'mutants.md');

/** Should a mutant lead past a test's stand-ins, it gets no further than this machine. */
const NOWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/**
 * `npm run test:mutants`: tries every mutant of the engine, the resources and the checks.
 * Fails when one survives that docs/mutants.md does not argue away, or one of the list does not survive.
 *
 *   npm run test:mutants -- --only checks/clone     files whose path has this in it
 *   npm run test:mutants -- --jobs 1                default 2
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      jobs: { type: 'string', default: '2' },
      json: { type: 'string' },
    },
  });
  const files = MUTATED.flatMap((folder) => sourcesIn(ROOT, folder)).filter((file) => file.includes(values.only));
  const { directory, mutants } = makeSandbox(files);
  process.once('exit', () => removeSandbox(directory));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const results = await tryAll(directory, mutants, Number(values.jobs));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ mutants, results }));
  const killed = new Set(results.filter(({ killedBy }) => killedBy !== null).map(({ id }) => id));
  const survivors = mutants.filter(({ id }) => !killed.has(id));
  const { unlisted, stale } = judge(survivors, parseAccepted(readFileSync(join(ROOT, LIST), 'utf8')), files);
  for (const mutant of unlisted) console.log(`SURVIVED ${mutant.file}:${mutant.line}\n${entryOf(mutant)}`);
  for (const { file, entry } of stale) console.log(`NO LONGER SURVIVES ${file}\n${entry}`);
  const argued = survivors.length - unlisted.length;
  console.log(
    `${mutants.length} mutants in ${files.length} files: ${killed.size} killed, ${argued} survive and are argued in ${LIST}, ${unlisted.length} survive unexplained`,
  );
  process.exitCode = unlisted.length === 0 && stale.length === 0 ? 0 : 1;
}

/** Every `jobs`-th mutant to one process each: neighbours take about the same time. */
async function tryAll(directory: string, mutants: readonly Mutant[], jobs: number): Promise<Result[]> {
  const tests = quickTests(ROOT, TESTS).map((name) => join(directory, name));
  const shares = Array.from({ length: jobs }, (_, job) => mutants.filter((_, index) => index % jobs === job));
  const withNeighbours = ({ id, file }: Mutant) => ({
    id,
    neighbours: mutants.filter((other) => other.file === file).map((other) => other.id),
  });
  const results = shares.map(async (share, job) => {
    const done: Result[] = [];
    while (done.length < share.length) {
      const file = join(directory, `results-${job}.json`);
      await tryShare(directory, job, { tests, mutants: share.slice(done.length).map(withNeighbours), results: file });
      done.push(...(JSON.parse(readFileSync(file, 'utf8')) as Result[]));
    }
    return done;
  });
  return (await Promise.all(results)).flat();
}

async function tryShare(directory: string, job: number, order: Order): Promise<void> {
  const file = join(directory, `order-${job}.json`);
  writeFileSync(file, JSON.stringify(order));
  const jest = join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js');
  const config = join(directory, 'test', 'mutants', 'jest.config.js');
  const child = spawn(process.execPath, [jest, '--config', config, '--runInBand', '--silent', '--forceExit'], {
    cwd: directory,
    env: { ...process.env, ...NOWHERE, MUTANTS_ORDER: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  rmSync(order.results, { force: true });
  await new Promise((resolve) => child.once('close', resolve));
  // How it ended says little: a test that hangs may go on while jest ends.
  if (!existsSync(order.results)) throw new Error(`the tests could not be run:\n${said}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
