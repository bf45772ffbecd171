import { readFileSync, writeFileSync } from 'node:fs';
import { passes } from './battery';
import { collect, prepare, tidyUp, type Collection } from './collector';
import type { Measured, MeasuredFile, MeasuredTest } from './measured';
import type { ToMeasure } from './results';
import { passedBy, switchboard } from './switchboard';

/** What a test is thought to take on the original code; it gets longer. */
const GUESS_MS = 2_000;

/** Every test once on the original code. Run by shares.ts, in a sandbox whose sources hold all mutants. */
test('every test passes without a mutant', async () => {
  const order = JSON.parse(readFileSync(process.env.MUTANTS_ORDER!, 'utf8')) as ToMeasure;
  // Loaded by themselves, so that what runs then is not taken for that of the test file which is the first to need them.
  for (const source of order.sources) jest.requireActual(source);
  const failed: string[] = [];
  const files: MeasuredFile[] = [];
  for (const file of order.tests) files.push(await measure(file, failed));
  if (failed.length > 0) throw new Error(`fails without a mutant: ${failed.join('; ')}`);
  writeFileSync(order.measured, JSON.stringify({ atLoad: passedBy(null), files } satisfies Measured));
});

async function measure(file: string, failed: string[]): Promise<MeasuredFile> {
  switchboard.currentTestId = file;
  const collection = collect(file);
  await prepare(collection);
  const tests: MeasuredTest[] = [];
  for (const index of collection.tests.keys()) tests.push(await measureTest(collection, index, failed));
  switchboard.currentTestId = file;
  await tidyUp(collection);
  return { file, prepares: passedBy(file), tests };
}

async function measureTest({ file, tests }: Collection, index: number, failed: string[]): Promise<MeasuredTest> {
  const id = `${file} ${index}`;
  const test = tests[index]!;
  switchboard.currentTestId = id;
  const started = performance.now();
  if (!(await passes({ test, milliseconds: GUESS_MS }))) failed.push(test.name);
  return { milliseconds: performance.now() - started, mutants: passedBy(id) };
}
