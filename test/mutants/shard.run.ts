import { readFileSync, writeFileSync } from 'node:fs';
import { activate, isQuiet, killer, measure } from './battery';
import { collect } from './collector';
import type { Order, Result } from './results';

/** One share of the mutants. Run by main.ts, in a sandbox whose sources hold all mutants. */
test('every mutant of this share is tried', async () => {
  const order = JSON.parse(readFileSync(process.env.MUTANTS_ORDER!, 'utf8')) as Order;
  const { tests, before, after } = collect(order.tests);
  for (const hook of before) await hook();
  const baseline = await measure(tests);
  if (baseline.failed.length > 0) throw new Error(`fails without a mutant: ${baseline.failed.join('; ')}`);
  const results: Result[] = [];
  for (const { id, neighbours } of order.mutants) {
    activate(id);
    const atLoad = baseline.atLoad(id);
    let killedBy = await killer(tests, baseline.covering(id));
    if (killedBy === null && atLoad) killedBy = await afresh(baseline.filesCovering(neighbours));
    activate(undefined);
    results.push({ id, killedBy, covered: baseline.covering(id).length > 0 || atLoad });
    writeFileSync(order.results, JSON.stringify(results));
    // main.ts goes on with the rest in a new process.
    if (!(await isQuiet())) break;
  }
  for (const hook of after) await hook();
});

/** What runs while files are loaded changes only when they are loaded again. */
async function afresh(files: readonly string[]): Promise<string | null> {
  jest.resetModules();
  for (const file of files) {
    const killedBy = await byFile(file).catch((error: unknown) => `(loading) ${String(error)}`);
    if (killedBy !== null) return killedBy;
  }
  return null;
}

async function byFile(file: string): Promise<string | null> {
  const { tests, before, after } = collect([file]);
  for (const hook of before) await hook();
  const killedBy = await killer(tests, [...tests.keys()]);
  for (const hook of after) await hook();
  return killedBy;
}
