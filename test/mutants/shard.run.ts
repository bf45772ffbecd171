import { appendFileSync, readFileSync } from 'node:fs';
import { activate, Hunters, isQuiet, killer, type Candidate } from './battery';
import { collect, prepare, tidyUp, type Collection } from './collector';
import { Baseline, type Covering, type Measured } from './measured';
import type { Order, Result } from './results';

/** Reloading leaves things behind in the memory of the process. shares.ts goes on with the rest in a new one. */
const ENOUGH_MS = 10 * 60_000;

/** One share of the mutants. Run by shares.ts, in a sandbox whose sources hold all mutants. */
test('every mutant of this share is tried', async () => {
  const started = performance.now();
  const order = JSON.parse(readFileSync(process.env.MUTANTS_ORDER!, 'utf8')) as Order;
  const baseline = new Baseline(JSON.parse(readFileSync(order.measured, 'utf8')) as Measured);
  const needed = filesOf(order.mutants.flatMap(({ id }) => baseline.covering(id)));
  const collections = needed.map(collect);
  for (const collection of collections) await prepare(collection);
  const hunters = new Hunters();
  for (const { id, neighbours } of order.mutants) {
    activate(id);
    const covering = baseline.covering(id);
    const withLoading = baseline.afresh(id, neighbours);
    const first = hunters.first(candidates(covering, collections));
    const killedBy = (await killer(first, hunters)) ?? (await afresh(withLoading));
    activate(undefined);
    const result: Result = { id, killedBy, covered: covering.length + withLoading.length > 0 };
    appendFileSync(order.results, `${JSON.stringify(result)}\n`);
    // What hangs could disturb the tests after it: shares.ts goes on in a new process.
    if (!(await isQuiet()) || performance.now() - started > ENOUGH_MS) break;
  }
  for (const collection of collections) await tidyUp(collection);
});

const filesOf = (tests: readonly Covering[]): string[] => [...new Set(tests.map(({ file }) => file))];

function candidates(tests: readonly Covering[], collections: readonly Collection[]): Candidate[] {
  const byFile = new Map(collections.map((collection) => [collection.file, collection.tests]));
  return tests.map(({ file, index, milliseconds }) => ({ test: byFile.get(file)![index]!, milliseconds }));
}

/** What runs while files are loaded changes only when they are loaded again. */
async function afresh(tests: readonly Covering[]): Promise<string | null> {
  if (tests.length === 0) return null;
  jest.resetModules();
  for (const file of filesOf(tests)) {
    const ofFile = tests.filter((one) => one.file === file);
    const killedBy = await byFile(file, ofFile).catch((error: unknown) => `(loading) ${String(error)}`);
    if (killedBy !== null) return killedBy;
  }
  return null;
}

async function byFile(file: string, tests: readonly Covering[]): Promise<string | null> {
  const collection = collect(file);
  await prepare(collection);
  const killedBy = await killer(candidates(tests, [collection]));
  await tidyUp(collection);
  return killedBy;
}
