import { format } from 'node:util';

export interface Collected {
  readonly name: string;
  readonly run: () => unknown;
}

type Body = (...row: unknown[]) => unknown;
type Hook = () => unknown;
export interface Collection {
  readonly file: string;
  readonly tests: Collected[];
  readonly before: Hook[];
  readonly after: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
}

/**
 * Loads a test file and keeps its tests instead of running them once, so that
 * they can be run again for every mutant without loading anything again.
 */
export function collect(file: string): Collection {
  const collection: Collection = { file, tests: [], before: [], after: [], beforeEach: [], afterEach: [] };
  const real = { test: globalThis.test, describe: globalThis.describe, beforeAll, afterAll, beforeEach, afterEach };
  try {
    Object.assign(globalThis, standIns(collection));
    jest.requireActual(file);
  } finally {
    Object.assign(globalThis, real);
  }
  return collection;
}

export async function prepare({ before }: Collection): Promise<void> {
  for (const hook of before) await hook();
}

export async function tidyUp({ after }: Collection): Promise<void> {
  for (const hook of after) await hook();
}

function standIns({ tests, before, after, beforeEach, afterEach }: Collection) {
  const around: string[] = [];
  const add = (name: string, run: Body, row: unknown[] = []) => {
    if (isProperty(run)) return;
    tests.push({ name: [...around, titled(name, row)].join(' '), run: () => hooked(() => run(...row)) });
  };
  // The hooks may stand below the tests in the file.
  const hooked = async (run: Hook) => {
    for (const hook of beforeEach) await hook();
    try {
      await run();
    } finally {
      for (const hook of afterEach) await hook();
    }
  };
  const each = (rows: readonly unknown[]) => (name: string, run: Body) =>
    rows.forEach((row) => add(name, run, Array.isArray(row) ? (row as unknown[]) : [row]));
  const describe = (name: string, body: () => void) => {
    around.push(name);
    body();
    around.pop();
  };
  return {
    test: Object.assign((name: string, run: Body) => add(name, run), { each }),
    describe,
    beforeAll: (hook: Hook) => before.push(hook),
    afterAll: (hook: Hook) => after.push(hook),
    beforeEach: (hook: Hook) => beforeEach.push(hook),
    afterEach: (hook: Hook) => afterEach.push(hook),
  };
}

/**
 * What a mutant breaks is to be shown by an example, the same one in every run.
 * Hundreds of samples for every mutant would only take time.
 */
function isProperty(run: Body): boolean {
  return /_fastcheck/.test(String(run));
}

function titled(name: string, row: readonly unknown[]): string {
  const [first] = row;
  const named = name.replace(/\$(\w+)/g, (_, key: string) => String((first as Record<string, unknown>)[key]));
  const places = named.match(/%[a-z]/g)?.length ?? 0;
  return format(named, ...row.slice(0, places));
}
