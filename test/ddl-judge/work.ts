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
  const abandon = (): void => void world.close().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abandon);
  try {
    for (const [at, seed] of seeds.entries()) {
      const pair = await openProductPair(world, world.databases[at]!);
      try {
        tell({ major, seed, outcome: await runDdlSeed(pair, seed, taste, LENGTH) });
      } catch (error) {
        tell({
          major,
          seed,
          failure:
            error instanceof Error
              ? `${error.message}\n${error.stack?.split('\n').slice(-6).join('\n') ?? ''}`
              : String(error),
        });
      } finally {
        await pair.close();
      }
    }
  } finally {
    await world.close();
  }
}

function tasteOf({ daring, kinds, shapes }: Pick<Work, 'daring' | 'kinds' | 'shapes'>): Taste {
  const only = {
    kinds: KINDS.filter(({ name }) => kinds.includes(name)),
    shapes: [PLAIN, ...SHAPES].filter(({ name }) => shapes.includes(name)),
  };
  return only.kinds.length + only.shapes.length > 0 ? { daring, only } : { daring };
}

/** The process of one environment: the version and the AWS endpoint are settings of it. */
work(JSON.parse(process.argv[2]!) as Work, (told) => process.send!(told))
  .catch((error: unknown) => console.error(error))
  .finally(() => {
    process.disconnect();
    // Not by itself if a seed hangs.
    process.exit();
  });
