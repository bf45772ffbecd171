import { Watch } from '../../../sql-runner/actions/watch';
import { applyWorkers, type ApplyWorker } from '../../../sql-runner/postgres/catalog/apply-workers';
import { slotReaders } from '../../../sql-runner/postgres/catalog/senders';
import { currentFlushLsn } from '../../../sql-runner/postgres/catalog/server';
import { tell } from './facts';
import { inWorld, newWorld, type World } from './fake-world';
import { following } from './observations';
import { readerAtWork, workerAtWork } from './surveyed-streams';

export const NAMES = ['shop', 'ledger'];
export const slotOf = (database: string) => `acas_demo_${database}`;

/** Two streams whose servers tell what `now` says. */
interface Told {
  flushLsn: string;
  confirmed: Record<string, string>;
  worker: Partial<ApplyWorker>;
}

export function toldWorld(): { world: World; now: Told } {
  const world = newWorld(following);
  const now: Told = { flushLsn: '0/4000000', confirmed: { shop: '0/4000000', ledger: '0/4000000' }, worker: {} };
  tell(world.facts, currentFlushLsn, () => now.flushLsn);
  tell(world.facts, applyWorkers, () =>
    NAMES.map((name) => ({ ...workerAtWork(slotOf(name), name), ...(name === 'shop' ? now.worker : {}) })),
  );
  tell(world.facts, slotReaders, () =>
    NAMES.map((name) => ({ ...readerAtWork(slotOf(name)), confirmedLsn: now.confirmed[name]! })),
  );
  return { world, now };
}

/**
 * The clock moves by pauses alone: what the machine takes for a look would count as the servers' time.
 * @returns what `body` made of it; the sessions are all closed then
 */
export async function watching<T>(world: World, body: (watch: Watch) => Promise<T>): Promise<T> {
  const began = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(began);
  try {
    return await inWorld(world, async () => {
      const watch = new Watch(world.opening, world.contracts);
      const made = await body(watch).finally(() => watch.close());
      expect(world.open.size).toBe(0);
      return made;
    });
  } finally {
    clock.mockRestore();
  }
}

export const states = async (watch: Watch, whole = false) =>
  (await watch.sample(whole)).status.streams.map(({ state, lagBytes }) => [state, lagBytes]);
export const catalogReads = ({ log }: World) => log.filter((line) => line.includes('pg_publication')).length;
