import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { entryOf, judge, parseAccepted } from './accepted';
import { quickTests, sourcesIn } from './quick-tests';
import type { Mutant } from './results';
import { makeSandbox, removeSandbox } from './sandbox';
import { resultsIn, tryAll } from './shares';

const ROOT = join(__dirname, '..', '..');
const MUTATED = ['model', 'connections', 'resources', 'checks', 'observe', 'plan', 'execute', 'actions'].map((room) =>
  join('sql-runner', room),
);
const TESTS = MUTATED.map((folder) => join('test', folder));
const LIST = join('test', 'mutants', 'accepted.md');
const TELL_EVERY_MS = 60_000;

/**
 * `npm run test:mutants`: tries every mutant of what reads, judges, plans and executes.
 * Fails when one survives that test/mutants/accepted.md does not argue away, or one of the list does not survive.
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
  const tests = quickTests(ROOT, TESTS).map((name) => join(directory, name));
  const timer = setInterval(telling(directory, mutants), TELL_EVERY_MS);
  const results = await tryAll(directory, mutants, tests, Number(values.jobs)).finally(() => clearInterval(timer));
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

/** How far it is, for it takes an hour and more; each that survives so far is named once. */
function telling(directory: string, mutants: readonly Mutant[]): () => void {
  const named = new Set<string>();
  return () => {
    const tried = readdirSync(directory)
      .filter((name) => /^results-/.test(name))
      .flatMap((name) => resultsIn(join(directory, name)));
    const survivors = new Set(tried.filter(({ killedBy }) => killedBy === null).map(({ id }) => id));
    for (const mutant of mutants.filter(({ id }) => survivors.has(id) && !named.has(id))) {
      named.add(mutant.id);
      console.error(`survives: ${mutant.file}:${mutant.line} ${entryOf(mutant)}`);
    }
    console.error(`${tried.length} of ${mutants.length} tried, ${survivors.size} survive so far`);
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
