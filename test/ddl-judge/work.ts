import { readFileSync } from 'node:fs';
import { startTestCluster } from '../support/postgres';
import { openEngine } from './engine-pair';
import type { Pair } from './pair';
import { PLAIN_PARAMETERS } from './plain-ground';
import { openPlainPair } from './plain-pair';
import type { Work } from './cli';
import { KINDS } from './kinds/all';
import type { Taste } from './play';
import { openProductPair } from './product-pair';
import { ProductWorld } from './product-world';
import type { Told } from './report';
import { runDdlSeed } from './seed';
import { PLAIN, SHAPES } from './shapes';

/** Between one stop and the next lie so many transactions. */
const LENGTH = { stops: 3, transactions: 7 };

/** One environment, a database a seed. */
async function work({ major, seeds, ...wanted }: Work, tell: (told: Told) => void): Promise<void> {
  const taste = tasteOf(wanted);
  const world = await ProductWorld.open(seeds.length, 'apply');
  try {
    for (const [at, seed] of seeds.entries()) {
      const pair = await openProductPair(world, world.databases[at]!);
      await one(pair, { major, seed, taste }, tell);
      await pair.close();
    }
  } finally {
    await world.close();
  }
}

async function one(pair: Pair, of: { major: number; seed: number; taste: Taste }, tell: (told: Told) => void) {
  const { major, seed, taste } = of;
  try {
    tell({ major, seed, outcome: await runDdlSeed(pair, seed, taste, LENGTH) });
  } catch (error) {
    const stack = error instanceof Error ? (error.stack?.split('\n').slice(-6).join('\n') ?? '') : '';
    tell({ major, seed, failure: `${error instanceof Error ? error.message : String(error)}\n${stack}` });
  }
}

function tasteOf({ daring, kinds, shapes }: Pick<Work, 'daring' | 'kinds' | 'shapes'>): Taste {
  const only = {
    kinds: KINDS.filter(({ name }) => kinds.includes(name)),
    shapes: [PLAIN, ...SHAPES].filter(({ name }) => shapes.includes(name)),
  };
  return only.kinds.length + only.shapes.length > 0 ? { daring, only } : { daring };
}

/** The same for the statements of `ddl: apply` alone, on one server. */
async function workOnEngine({ major, seeds, ...wanted }: Work, tell: (told: Told) => void): Promise<void> {
  // Its servers end with the process, if that comes to its exit.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  const test = await startTestCluster({ parameters: PLAIN_PARAMETERS, major });
  const log = (): string => readFileSync(test.cluster.logFile, 'utf8').split('\n').slice(-40).join('\n');
  try {
    const ground = await openEngine(test, log);
    for (const seed of seeds) {
      const pair = await openPlainPair(ground, seed);
      await one(pair, { major, seed, taste: tasteOf(wanted) }, tell);
      // What a failed seed leaves that cannot be cleared away harms no other.
      await pair.close().catch((error: unknown) => console.error(error));
    }
  } finally {
    await test.stop();
  }
}

/** The process of one environment: the version and the AWS endpoint are settings of it. */
const ordered = JSON.parse(process.argv[2]!) as Work;
const tell = (told: Told): boolean => process.send!(told);
(ordered.engine ? workOnEngine(ordered, tell) : work(ordered, tell))
  .catch((error: unknown) => console.error(error))
  .finally(() => {
    process.disconnect();
    // Not by itself if a seed hangs.
    process.exit();
  });
