import { endChildren } from '../../lab/demo/child';
import { playShare } from '../faults/batch';
import { faultHome } from '../faults/home';
import type { RoundResult } from '../faults/round';
import { caughtUp, countRows } from '../faults/rows';
import { roundLine, totalsOf } from '../faults/summary';
import { FaultWorld } from '../faults/world';

/** A few of the points of `npm run test:faults`: of every phase, and of five kinds, in two rounds. */
const SAMPLE = { sample: 5, seed: 203, worker: 0, workers: 1 };

let world: FaultWorld | undefined;

beforeAll(async () => {
  world = await FaultWorld.start('faults', faultHome(1));
});

afterAll(async () => {
  await endChildren();
  await world?.end();
});

test('whatever write is interrupted, one plain run puts it right and no row is lost or doubled', async () => {
  const results: RoundResult[] = [];
  let all = 0;
  await playShare(world!, SAMPLE, {
    chosen: (_, count) => (all = count),
    played: (result) => results.push(result),
  });
  expect(all).toBeGreaterThan(400);
  expect(results.filter(({ problems }) => problems.length > 0).map(roundLine)).toEqual([]);
  expect(totalsOf(results)).toMatchObject({ points: SAMPLE.sample, survived: SAMPLE.sample, lost: 0, doubled: 0 });
  expect(totalsOf(results).rowsCompared).toBeGreaterThan(0);
});

test('a row that one side lacks is counted', async () => {
  const { source, clone, replicationNames } = world!;
  await world!.stopWriters();
  const [here, there] = [await source('ledger'), await world!.admin('target', 'ledger')];
  await caughtUp(here, replicationNames);
  // As the apply worker writes: without the triggers and foreign keys of the table.
  await there.query('SET session_replication_role = replica');
  await there.query('DELETE FROM "Audit"."Log Entries" WHERE ctid = (SELECT min(ctid) FROM "Audit"."Log Entries")');
  await Promise.all([here.end(), there.end()]);
  const tables = ['"Audit"."Log Entries"'];
  expect(await countRows(source, clone, 'ledger')).toMatchObject({ lost: 1, doubled: 0, tables });
  expect(await countRows(clone, source, 'ledger')).toMatchObject({ lost: 0, doubled: 1, tables });
  expect(await countRows(source, clone, 'shop')).toMatchObject({ lost: 0, doubled: 0, tables: [] });
});
