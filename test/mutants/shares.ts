import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant, Order, Result, ToMeasure } from './results';

/** Should a mutant lead past a test's stand-ins, it gets no further than this machine. */
const NOWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Loading every test takes the longest, once; a mutant without a result for so long keeps the process from coming back. */
const STUCK_MS = 3 * 60_000;

/** Every `jobs`-th mutant to one process at a time: neighbours take about the same time. */
export async function tryAll(
  directory: string,
  mutants: readonly Mutant[],
  tests: readonly string[],
  jobs: number,
): Promise<Result[]> {
  const measured = join(directory, 'measured.json');
  const sources = [...new Set(mutants.map(({ file }) => join(directory, file)))];
  const ended = await runJest(directory, 'baseline', { sources, tests, measured });
  if (ended.failed) throw new Error(`the tests could not be run:\n${ended.said}`);
  const shares = Array.from({ length: jobs }, (_, job) => mutants.filter((_, index) => index % jobs === job));
  const results = shares.map((share, job) => tryShare(directory, job, share.map(withNeighbours(mutants)), measured));
  return (await Promise.all(results)).flat();
}

function withNeighbours(mutants: readonly Mutant[]) {
  return ({ id, file }: Mutant) => ({
    id,
    neighbours: mutants.filter((other) => other.file === file).map((other) => other.id),
  });
}

/** In as many processes as it takes. */
async function tryShare(directory: string, job: number, share: Order['mutants'], measured: string): Promise<Result[]> {
  const file = join(directory, `results-${job}.jsonl`);
  writeFileSync(file, '');
  for (let done = 0; done < share.length;) {
    const order = { measured, mutants: share.slice(done), results: file };
    const { killed, died, said } = await runJest(directory, 'shard', order, job);
    const before = done;
    done = resultsIn(file).length;
    // One that dies of what others have left in its memory goes on with the same mutant; dead at its first, it was that one.
    if ((killed || (died && done === before)) && done < share.length) {
      const killedBy = killed ? '(does not end)' : '(takes the process with it)';
      const result: Result = { id: share[done]!.id, killedBy, covered: true };
      appendFileSync(file, `${JSON.stringify(result)}\n`);
      done++;
    }
    // How it ended says little: a test that hangs may go on while jest ends.
    if (done === before) throw new Error(`the tests could not be run:\n${said}`);
  }
  return resultsIn(file);
}

/** Calls `end` once the file has not changed for too long. */
function whenStuck(file: string, end: () => void): () => void {
  let [size, since] = [-1, Date.now()];
  const timer = setInterval(() => {
    const now = statSync(file).size;
    if (now !== size) [size, since] = [now, Date.now()];
    else if (Date.now() - since > STUCK_MS) end();
  }, 1_000);
  return () => clearInterval(timer);
}

interface Ended {
  readonly failed: boolean;
  /** It took too long. */
  readonly killed: boolean;
  /** Of a signal, as where memory has run out. */
  readonly died: boolean;
  readonly said: string;
}

async function runJest(directory: string, name: string, order: ToMeasure | Order, job = 0): Promise<Ended> {
  const file = join(directory, `${name}-${job}.json`);
  writeFileSync(file, JSON.stringify(order));
  const jest = join(require.resolve('jest/package.json'), '..', 'bin', 'jest.js');
  const config = join(directory, 'test', 'mutants', 'jest.config.js');
  const args = [jest, `${name}.run.ts`, '--config', config, '--runInBand', '--silent', '--forceExit'];
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...process.env, ...NOWHERE, MUTANTS_ORDER: file },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stopWaiting = 'results' in order ? whenStuck(order.results, () => child.kill('SIGKILL')) : () => undefined;
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  stopWaiting();
  return { failed: code !== 0, killed: child.killed, died: signal !== null, said };
}

/** A line each. */
export function resultsIn(file: string): Result[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Result);
}
