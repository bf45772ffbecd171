import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { endChildren } from '../../lab/demo/child';
import { playShare, type Share } from './batch';
import { faultHome } from './home';
import { type Phase, PHASES } from './phases';
import { nameOf } from './points';
import type { RoundResult } from './round';
import { type Choices, roundLine, summaryText, totalsOf } from './summary';
import { FaultWorld } from './world';

interface Options {
  filter?: string;
  phases?: Phase[];
  sample: number;
  all: boolean;
  seed: number;
  workers: number;
  /** Set by the parent: play this share and tell the parent. */
  worker?: number;
}

/** More than there are faults at changes, each of which is among them; the summary tells. */
const SAMPLE = 640;

/** Of all points; more would mean that it is not the faults that are tried. */
const MOST_NOT_MET = 0.03;

type Report = { round: RoundResult } | { chosen: readonly string[]; from: Choices } | { broken: string };

const number = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number is needed.');
};

const phasesIn = (text: string): Phase[] =>
  text.split(',').map((name) => {
    const phase = PHASES.find((one) => one === name);
    if (phase === undefined) throw new InvalidArgumentError(`the phases are ${PHASES.join(', ')}.`);
    return phase;
  });

/** Everything that can go wrong during every write of sql-runner, and whether a plain run afterwards puts it right. */
async function main(): Promise<void> {
  const options = new Command('test:faults')
    .option('--filter <pattern>', 'only points whose name matches this regular expression')
    .option('--phases <names>', 'only points of these phases, with commas between them', phasesIn)
    .option(
      '--sample <points>',
      'so many points, chosen by the seed, every fault at every change first',
      number,
      SAMPLE,
    )
    .option('--all', 'every point instead', false)
    .option('--seed <number>', 'order and sample of the points', number, 1)
    .option('--workers <number>', 'labs at a time', number, 3)
    .option('--worker <number>', 'used by the command itself', number)
    .parse()
    .opts<Options>();
  if (options.worker === undefined) await lead(options);
  else await work({ ...choiceOf(options), worker: options.worker });
}

const choiceOf = ({ filter, sample, all, seed, phases, workers }: Options): Omit<Share, 'worker'> => ({
  seed,
  workers,
  phases,
  filter: filter === undefined ? undefined : new RegExp(filter),
  sample: all ? undefined : sample,
});

/** What the workers have told. */
class Reports {
  readonly results: RoundResult[] = [];
  readonly broken: string[] = [];
  /** By the names of all, as each worker chooses for itself. */
  readonly chosen = new Map<string, number>();
  from: Choices = { points: 0, kinds: 0 };

  readonly listen = (report: Report): void => {
    if ('broken' in report) this.broken.push(report.broken);
    else if ('round' in report) {
      this.results.push(report.round);
      console.log(roundLine(report.round));
    } else {
      this.from = report.from;
      for (const name of report.chosen) this.chosen.set(name, (this.chosen.get(name) ?? 0) + 1);
    }
  };

  /** Everything that was chosen was tried once and survived, or was hardly ever not met, and no row was lost or doubled. */
  isGood(workers: number): boolean {
    const { points, survived, notMet, lost, doubled } = totalsOf(this.results);
    const agreed = [...this.chosen.values()].every((times) => times === workers);
    const tried = new Set(this.results.flatMap((result) => result.points.map(nameOf)));
    const complete = points === this.chosen.size && tried.size === points;
    const held = survived > 0 && survived + notMet === points && notMet <= points * MOST_NOT_MET;
    return agreed && complete && held && lost + doubled === 0 && this.broken.length === 0;
  }
}

async function lead(options: Options): Promise<void> {
  const started = Date.now();
  const reports = new Reports();
  const workers = Array.from({ length: options.workers }, (_, i) => startWorker(i, reports.listen));
  // What was tried until then is told all the same; each worker takes its lab down.
  const stop = (): void => workers.forEach((worker) => worker.connected && worker.disconnect());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  for (const text of reports.broken) console.error(`a worker broke down: ${text}`);
  console.log(summaryText(reports.results, reports.from, (Date.now() - started) / 1000));
  console.log(`seed:           ${options.seed}`);
  const good = reports.isGood(options.workers) && workers.every(({ exitCode }) => exitCode === 0);
  if (!good)
    console.log(
      `NOT GOOD: every chosen point must be tried once and survived, at most ${MOST_NOT_MET * 100} % not met, without a lost or doubled row`,
    );
  process.exitCode = good ? 0 : 1;
}

function startWorker(index: number, listen: (report: Report) => void): ChildProcess {
  // The SDK's notice about Node 20 is not for whoever reads the points.
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const worker = fork(__filename, [...process.argv.slice(2), '--worker', String(index)], { env });
  worker.on('message', (report) => listen(report as Report));
  return worker;
}

async function work(share: Share): Promise<void> {
  const tell = (report: Report): void => void (process.connected && process.send?.(report));
  const world = FaultWorld.start(`faults-${share.worker}`, faultHome(share.workers));
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> =>
    (ending ??= endChildren()
      .then(() => world)
      .then((started) => started.end())
      .catch(() => undefined));
  // The parent was ended: nobody would ever take the lab down.
  const stop = (): void => void end().finally(() => process.exit(1));
  process.once('disconnect', stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', () => undefined);
  try {
    await playShare(await world, share, {
      chosen: (chosen, from) => tell({ chosen, from }),
      // A lab that goes down under a round says nothing about its points.
      played: (round) => (ending === undefined ? tell({ round }) : undefined),
    });
  } catch (error) {
    tell({ broken: (error as Error).message });
    process.exitCode = 1;
  } finally {
    await end();
    process.removeAllListeners('disconnect');
    if (process.connected) process.disconnect();
  }
}

void main();
