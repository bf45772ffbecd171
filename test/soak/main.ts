import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { endChildren } from '../../lab/demo/child';
import { serverOf } from '../../lab/servers';
import { scratchBase } from '../support/memory';
import { leftoversOf } from './ending';
import { SoakRun, type SoakOptions } from './soak';
import { allGoOn } from './standstill';
import { verdictLine, type Verdict } from './summary';
import { SoakWorld } from './world';

/** What both servers may come to need: mostly the log that the source keeps. */
const LAB_BYTES = 4 * 2 ** 30;

const number = (text: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('a number above 0 is needed.');
};

/** Everything that may happen to a clone that follows, at random, for a while; see CONTRIBUTING.md. */
async function main(): Promise<void> {
  const options = new Command('test:soak')
    .option('--seed <number>', 'what happens, and when', number, 1 + (Date.now() % 1_000_000))
    .option('--minutes <number>', 'for how long', number, 10)
    .option('--only <pattern>', 'only what matches this regular expression', (text) => new RegExp(text), /./)
    .option('--verbose', 'a line for whatever happens', false)
    .parse()
    .opts<SoakOptions>();
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.env.TMPDIR = scratchBase(LAB_BYTES);
  console.log(`seed ${options.seed}, ${options.minutes} minutes: npm run test:soak -- --seed ${options.seed}`);
  let world: SoakWorld | undefined;
  const starting = SoakWorld.start(options.seed);
  let interrupted = false;
  const down = async (): Promise<void> => {
    allGoOn();
    await endChildren();
    await starting.then((started) => started.lab.down()).catch(() => undefined);
  };
  // A terminal sends it to all of its processes, and npm and tsx send it on: more than once it means no more.
  const interrupt = (): void => {
    if (interrupted) return;
    interrupted = true;
    console.log('interrupted: the lab is taken down');
    void down().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  const verdicts: Verdict[] = [];
  let table = '';
  try {
    world = await starting;
    const run = new SoakRun(world, options);
    verdicts.push(...(await run.play()));
    table = run.table();
  } catch (error) {
    verdicts.push({ what: 'the soak itself', good: false, words: String((error as Error).stack ?? error) });
  }
  if (interrupted) return;
  if (verdicts.some(({ good }) => !good) && world !== undefined) console.log(lastWords(world));
  await down();
  if (world !== undefined) verdicts.push(leftoversOf(world.lab.directory));
  console.log([table, ...verdicts.map(verdictLine)].join('\n'));
  const good = verdicts.every((one) => one.good);
  console.log(good ? 'GOOD' : `NOT GOOD; once more: npm run test:soak -- --seed ${options.seed}`);
  process.exit(good ? 0 : 1);
}

/** Of both servers: why a worker ended stands nowhere else. */
function lastWords(world: SoakWorld): string {
  return (['source', 'clone'] as const)
    .map((side) => {
      const lines = readFileSync(serverOf(world.lab, side).logFile, 'utf8').trimEnd().split('\n');
      return [`The log of the ${side} ends with:`, ...lines.slice(-15)].join('\n  ');
    })
    .join('\n');
}

void main();
