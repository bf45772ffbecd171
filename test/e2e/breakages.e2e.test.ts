import { BrokenWorld } from '../breakages/broken-world';
import { play, type Played } from '../breakages/play';
import { pages } from '../breakages/runbooks/page';
import { playFirstPages, playWay } from '../breakages/runbooks/play-pages';
import { BREAKAGES } from '../breakages/table';
import { stagesInOrder } from './support/in-order';

/** A sample of `npm run test:breakages`: a copy comes to life by the runbooks, is broken, told of, and healed. */

const stage = stagesInOrder();
let world: BrokenWorld;

beforeAll(async () => (world = await BrokenWorld.unprepared('breakages')));
afterAll(() => world?.down());

const lies = (...played: readonly Played[]) => played.flatMap((one) => one.lies.map((lie) => `${one.name}: ${lie}`));
const row = (name: string) =>
  play(
    world,
    BREAKAGES.find((one) => one.name === name)!,
  );

stage('the pages of the states on the way bring a copy to life', async () => {
  expect(lies(...(await playFirstPages(world)))).toEqual([]);
});

stage('a row of the same key is found and deleted by what the page says, and no more', async () => {
  const page = pages().find(({ state }) => state === 'retrying')!;
  expect(lies(await playWay(world, page, page.ways[0]!))).toEqual([]);
});

for (const name of ['lock on the clone', 'subscription with binary = true'])
  stage(`${name}: every command tells it, and what is printed heals it`, async () => {
    expect(lies(await row(name))).toEqual([]);
  });

stage('a database that was dropped on the clone is DATABASE_NOT_ON_CLONE, and a new clone has it', async () => {
  expect(lies(await row('database of the clone dropped'))).toEqual([]);
});
