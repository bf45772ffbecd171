import { setTimeout as pause } from 'node:timers/promises';
import type { Contracts } from '../../../contract/contract';
import { LiveLook } from '../../../sql-runner/actions/live-look';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following } from '../support/observations';

type Answer = Contracts | Error;

/** @returns what `body` made of it, with what the outputs say from then on, and how often they were read */
async function looking<T>(
  began: (world: World) => Contracts,
  body: (look: LiveLook, say: (answer: Answer) => void, world: World, reads: () => number) => Promise<T>,
): Promise<T> {
  const world = newWorld(following);
  let [answer, reads]: [Answer, number] = [began(world), 0];
  const read = () => {
    reads += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return inWorld(world, async () => {
    const look = new LiveLook(world.opening, read, began(world));
    const made = await body(
      look,
      (next) => (answer = next),
      world,
      () => reads,
    ).finally(() => look.close());
    expect(world.open.size).toBe(0);
    return made;
  });
}

const withoutClone = ({ contracts }: World): Contracts => ({ ...contracts, target: null });
const MINUTES = 60_000;
const FIVE = 5 * MINUTES + 1_000;

test('a clone that was not there at first is looked at within five minutes of its deploy', () =>
  looking(withoutClone, async (look, say, { contracts }, reads) => {
    expect((await look.sample(() => undefined)).status.clone).toBe('not deployed');
    say(contracts);
    await pause(4 * MINUTES);
    expect([(await look.sample(() => undefined)).status.clone, reads()]).toEqual(['not deployed', 0]);
    await pause(MINUTES + 1_000);
    expect((await look.sample(() => undefined)).status.clone).toBe('deployed');
    expect((await look.sample(() => undefined)).status.streams.map(({ state }) => state)).toEqual([
      'streaming',
      'streaming',
    ]);
    expect(reads()).toBe(1);
  }));

test('outputs that say the same leave the sessions as they are', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, _, { log }) => {
      await look.sample(() => undefined);
      // Whether the replication role can log in is tried anew at each whole look.
      const connects = () => log.filter((line) => /^connect .* as master$/.test(line)).length;
      const before = [connects(), look.outputsAt];
      await pause(FIVE);
      await look.sample(() => undefined);
      expect(connects()).toBe(before[0]);
      expect(look.outputsAt.getTime() - (before[1] as Date).getTime()).toBeGreaterThanOrEqual(5 * MINUTES);
    },
  ));

test('outputs that cannot be read are asked for again, and grow old meanwhile', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, say, { contracts }, reads) => {
      const began = look.outputsAt;
      say(new Error('no such backend'));
      for (const so of [1, 2]) {
        await pause(FIVE);
        expect((await look.sample(() => undefined)).status.clone).toBe('deployed');
        expect([look.outputsAt, reads()]).toEqual([began, so]);
      }
      say({ ...contracts, source: { ...contracts.source, links: contracts.source.links.slice(0, 1) } });
      await pause(FIVE);
      expect((await look.sample(() => undefined)).status.streams.map(({ database }) => database)).toEqual(['shop']);
      expect(look.source.links).toHaveLength(1);
    },
  ));

const logins = ({ log }: World): string[] => log.filter((line) => /^connect .* as master$/.test(line));

test('a plan is read over the sessions of the looks, and leaves them open', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, _, world) => {
      await look.sample(() => undefined);
      const before = logins(world);
      expect(before).toHaveLength(4);
      expect((await look.plan()).changes).toEqual([]);
      expect((await look.sample(() => undefined)).status.clone).toBe('deployed');
      expect(logins(world)).toEqual(before);
    },
  ));

test('a plan whose sessions a look has ended is made by others', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, say, world) => {
      await look.sample(() => undefined);
      say({ ...world.contracts, source: { ...world.contracts.source, links: world.contract.links.slice(0, 1) } });
      await pause(FIVE);
      const [made] = await Promise.all([look.plan(), look.sample(() => undefined)]);
      expect(made.mode).toBe('apply');
    },
  ));

test('before the first look, and where none succeeds, it has sessions of its own, which end with it', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, _, world) => {
      expect((await look.plan()).changes).toEqual([]);
      expect(world.open.size).toBe(0);
    },
  ));

test('outputs that nobody answers for keep no look waiting, and are good as soon as they come', async () => {
  const world = newWorld(following);
  await inWorld(world, async () => {
    const asked: ((contracts: Contracts) => void)[] = [];
    const read = () => new Promise<Contracts>((resolve) => void asked.push(resolve));
    const look = new LiveLook(world.opening, read, withoutClone(world));
    await look.sample(() => undefined);
    const before = look.outputsAt;
    for (const _ of ['once', 'and again']) {
      await pause(FIVE);
      expect((await look.sample(() => undefined)).status.clone).toBe('not deployed');
    }
    expect([asked.length, look.outputsAt]).toEqual([1, before]);
    asked[0]!(world.contracts);
    expect((await look.sample(() => undefined)).status.clone).toBe('deployed');
    expect(look.outputsAt.getTime()).toBeGreaterThan(before.getTime());
    await look.close();
  });
});

const replaced = ({ contracts }: World): Contracts => ({
  ...contracts,
  target: { ...contracts.target!, cluster: { ...contracts.target!.cluster, endpoint: 'another.example.com' } },
});

test.each(['by an error of the clone', 'by an error of all'])(
  'a clone that was replaced is looked at where it is as soon as the one before is gone, %s',
  (how) =>
    looking(
      ({ contracts }) => contracts,
      async (look, say, world, reads) => {
        await look.sample(() => undefined);
        await pause(MINUTES);
        world.onConnect = ({ side }) =>
          reads() === 0 && (side === 'target' || how.endsWith('all')) ? sqlError('53300') : undefined;
        world.onSql = (_, at) => world.onConnect(at);
        say(replaced(world));
        expect((await look.sample(() => undefined)).status).toMatchObject({ clone: 'deployed', unread: null });
        expect([reads(), look.outputs.target!.cluster.endpoint]).toEqual([1, 'another.example.com']);
      },
    ),
);

test('a clone that is gone has the outputs read twice a minute, and not at each look', () =>
  looking(
    ({ contracts }) => contracts,
    async (look, _, world, reads) => {
      await look.sample(() => undefined);
      await pause(MINUTES);
      world.onConnect = ({ side }) => (side === 'target' ? sqlError('53300') : undefined);
      world.onSql = (_, at) => world.onConnect(at);
      const began = Date.now();
      while (Date.now() - began < MINUTES) {
        expect((await look.sample(() => undefined)).status.clone).toBe('not reached');
        await pause(5_000);
      }
      expect(reads()).toBeLessThanOrEqual(3);
      expect(reads()).toBeGreaterThanOrEqual(2);
    },
  ));
