import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChildren } from '../../lab/demo/child';
import { playShare } from '../faults/batch';
import type { RoundResult } from '../faults/round';
import { roundLine, totalsOf } from '../faults/summary';
import { FaultWorld } from '../faults/world';

jest.setTimeout(300_000);

/** A few of the points of `npm run test:faults`. */
const SAMPLE = { sample: 6, seed: 5, worker: 0, workers: 1 };

let world: FaultWorld | undefined;

beforeAll(async () => {
  world = await FaultWorld.start('faults', join(tmpdir(), `aurora faults ${process.pid}`));
});

afterAll(async () => {
  await endChildren();
  await world?.end();
});

test('whatever write is interrupted, one plain run puts it right and no row is lost or doubled', async () => {
  const results: RoundResult[] = [];
  const all = await playShare(world!, SAMPLE, (result) => results.push(result));
  expect(all).toBeGreaterThan(400);
  expect(results.filter(({ problems }) => problems.length > 0).map(roundLine)).toEqual([]);
  expect(totalsOf(results)).toMatchObject({ points: SAMPLE.sample, survived: SAMPLE.sample, lost: 0, doubled: 0 });
  expect(totalsOf(results).rowsCompared).toBeGreaterThan(0);
});
