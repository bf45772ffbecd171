import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { endChildren } from '../../lab/demo/child';
import { playShare, type Share } from './batch';
import type { RoundResult } from './round';
import { roundLine, summaryText, totalsOf } from './summary';
import { FaultWorld } from './world';

interface Options {
  filter?: string;
  sample?: number;
  seed: number;
  workers: number;
  /** Set by the parent: play this share and tell the parent. */
  worker?: number;
}

type Report = { round: RoundResult } | { all: number } | { broken: string };

const number = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('a whole number is needed.');
};

/** Everything that can go wrong during every write of sql-runner, and whether a plain run afterwards puts it right. */
async function main(): Promise<void> {
  const options = new Command('test:faults')
    .option('--filter <pattern>', 'only points whose name matches this regular expression')
    .option('--sample <points>', 'only so many points, chosen by the seed', number)
    .option('--seed <number>', 'order and sample of the points', number, 1)
    .option('--workers <number>', 'labs at a time', number, 2)
    .option('--worker <number>', 'used by the command itself', number)
    .parse()
    .opts<Options>();
  if (options.worker === undefined) await lead(options);
  else await work({ ...options, worker: options.worker, filter: patternOf(options) });
}

const patternOf = ({ filter }: Options): RegExp | undefined => (filter === undefined ? undefined : new RegExp(filter));

async function lead(options: Options): Promise<void> {
  const started = Date.now();
  const results: RoundResult[] = [];
  const broken: string[] = [];
  let all = 0;
  const listen = (report: Report): void => {
    if ('all' in report) all = report.all;
    else if ('broken' in report) broken.push(report.broken);
    else {
      results.push(report.round);
      console.log(roundLine(report.round));
    }
  };
  const workers = Array.from({ length: options.workers }, (_, i) => startWorker(i, listen));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  const totals = totalsOf(results);
  for (const text of broken) console.error(`a worker broke down: ${text}`);
  console.log(summaryText(totals, all, (Date.now() - started) / 1000));
  console.log(`seed:           ${options.seed}`);
  const good = totals.points > 0 && totals.survived === totals.points && totals.lost + totals.doubled === 0;
  process.exitCode = good && broken.length === 0 && workers.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
}

function startWorker(index: number, listen: (report: Report) => void): ChildProcess {
  const worker = fork(__filename, [...process.argv.slice(2), '--worker', String(index)]);
  worker.on('message', (report) => listen(report as Report));
  return worker;
}

async function work(share: Share): Promise<void> {
  const tell = (report: Report): void => void process.send?.(report);
  const home = join(tmpdir(), `aurora faults ${process.pid}`);
  let world: FaultWorld | undefined;
  const end = async (): Promise<void> => {
    await endChildren();
    await world?.end();
  };
  // The parent was ended: nobody would ever take the lab down.
  process.once('disconnect', () => void end().finally(() => process.exit(1)));
  process.on('SIGINT', () => undefined);
  try {
    world = await FaultWorld.start(`faults-${share.worker}`, home);
    tell({ all: await playShare(world, share, (round) => tell({ round })) });
  } catch (error) {
    tell({ broken: (error as Error).message });
    process.exitCode = 1;
  } finally {
    await end();
    process.removeAllListeners('disconnect');
    process.disconnect?.();
  }
}

void main();
