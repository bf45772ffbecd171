import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type Counts, coverageTable, lackingFeatures } from './coverage';
import { runSeed, type SeedResult } from './seed-run';
import { openWorkshop, type Workshop } from './workshop';

/** `npm run test:random -- --seed 123`, or `--seeds 200 --jobs 2 [--from 1]`. */
interface Options {
  readonly seeds: readonly number[];
  readonly jobs: number;
}

/** What a child tells its parent about one seed. */
type Report = { readonly seed: number; readonly result?: SeedResult; readonly failure?: string };

function options(): Options {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', multiple: true },
      seeds: { type: 'string', default: '10' },
      from: { type: 'string' },
      jobs: { type: 'string', default: '1' },
    },
  });
  const first = whole('from', values.from ?? String(1 + (Date.now() % 1_000_000)));
  const count = whole('seeds', values.seeds);
  const seeds = values.seed?.map((seed) => whole('seed', seed)) ?? Array.from({ length: count }, (_, i) => first + i);
  return { seeds, jobs: Math.min(Math.max(1, whole('jobs', values.jobs)), seeds.length) };
}

function whole(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${option} takes a whole number, not "${text}"`);
  process.exit(1);
}

/** One job: its seeds one after the other, as the AWS endpoint is a setting of the process. */
async function work(seeds: readonly number[], report: (one: Report) => void): Promise<void> {
  const workshop = await openWorkshop();
  // Servers outlive the process that started them. A seed that is cut short says nothing.
  let abandoned = false;
  const abandon = (): void => {
    abandoned = true;
    void workshop.close().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abandon);
  try {
    for (const seed of seeds) {
      const one = await Promise.race([tryOne(workshop, seed), tooLong(seed)]);
      if (abandoned) return;
      report(one);
      // What hangs cannot be stopped, and may have changed what belongs to the next seed.
      if (one.failure === TOO_LONG) break;
    }
  } finally {
    await workshop.close();
  }
}

function tryOne(workshop: Workshop, seed: number): Promise<Report> {
  return runSeed(workshop, seed).then(
    (result) => ({ seed, result }),
    (error: unknown) => ({ seed, failure: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
}

/** Many times what a seed takes on a busy machine; each wait in it has a deadline of its own, but not all is a wait. */
const PATIENCE_MS = 10 * 60_000;
const TOO_LONG = `It has not ended after ${PATIENCE_MS / 60_000} minutes. The seeds that this job had left were not tried.`;

function tooLong(seed: number): Promise<Report> {
  return new Promise((resolve) => setTimeout(() => resolve({ seed, failure: TOO_LONG }), PATIENCE_MS).unref());
}

async function main(): Promise<void> {
  if (process.send !== undefined) {
    const seeds = JSON.parse(process.argv[2] ?? '[]') as number[];
    await work(seeds, (one) => process.send!(one));
    process.disconnect();
    // Not by itself if a seed hangs.
    process.exit();
  }
  const { seeds, jobs } = options();
  const started = Date.now();
  const failed: number[] = [];
  const coverage: Counts[] = [];
  let done = 0;
  const report = ({ seed, result, failure }: Report): void => {
    done += 1;
    if (result !== undefined) {
      coverage.push(result.counts);
      console.log(`[${done}/${seeds.length}] ${line(result)}`);
    } else {
      failed.push(seed);
      console.log(`[${done}/${seeds.length}] seed ${seed} FAILED: npm run test:random -- --seed ${seed}\n${failure}`);
    }
  };
  const shares = Array.from({ length: jobs }, (_, job) => seeds.filter((_seed, index) => index % jobs === job));
  await Promise.all(shares.map((share) => (jobs === 1 ? work(share, report) : inChild(share, report))));
  const lacking = lackingFeatures(coverage);
  console.log(coverageTable(coverage));
  if (lacking.length > 0) console.log(`in too few of the seeds: ${lacking.join('; ')}`);
  const passed = coverage.length;
  console.log(`${passed} of ${seeds.length} seeds passed in ${Math.round((Date.now() - started) / 1000)} s`);
  for (const seed of failed) console.log(`replay: npm run test:random -- --seed ${seed}`);
  process.exit(passed === seeds.length && lacking.length === 0 ? 0 : 1);
}

/** Resolves however the child ends: what it did not report counts as not passed. */
function inChild(seeds: readonly number[], report: (one: Report) => void): Promise<void> {
  const child = fork(__filename, [JSON.stringify(seeds)]);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill('SIGTERM'));
  child.on('message', (message) => report(message as Report));
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function line({ seed, tables, rows, transactions, inherited, activity, seconds }: SeedResult): string {
  const { inserted, updated, deleted, streamed, spilled } = activity;
  return [
    `seed ${seed} equal: ${tables} tables, ${rows} rows after ${transactions} transactions`,
    `${inserted} inserts, ${updated} updates, ${deleted} deletes`,
    `${streamed} streamed, ${spilled} spilled, ${inherited} prepared across the clone`,
    `${seconds.toFixed(1)} s`,
  ].join('; ');
}

void main();
