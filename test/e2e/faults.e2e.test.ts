import { endChildren } from '../../lab/demo/child';
import { playShare } from '../faults/batch';
import { faultHome } from '../faults/home';
import { expectNoRemains } from '../faults/left-over';
import { GROWTH } from '../faults/phases';
import type { RoundResult } from '../faults/round';
import { caughtUp, countRows } from '../faults/rows';
import { roundLine, totalsOf } from '../faults/summary';
import { FaultWorld } from '../faults/world';

/** A few of the points of `npm run test:faults`: of each phase from and to a clone, and of five kinds, in two rounds. */
const SAMPLE = {
  phases: ['prepare', 'bootstrap', 'reset', 'teardown'],
  sample: 5,
  seed: 203,
  worker: 0,
  workers: 1,
} as const;

/** The process dies when a subscription has just been told of tables that come, and of some that left; in one round. */
const OF_TABLES = {
  phases: GROWTH,
  filter: /(table-copies|left-tables)\/acas_demo_shop: ALTER SUBSCRIPTION .*: kill answered$/,
  seed: 1,
  worker: 0,
  workers: 1,
} as const;

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
    chosen: (_, { points }) => (all = points),
    played: (result) => results.push(result),
  });
  expect(all).toBeGreaterThan(400);
  expect(results.filter(({ problems }) => problems.length > 0).map(roundLine)).toEqual([]);
  expect(totalsOf(results)).toMatchObject({ points: SAMPLE.sample, survived: SAMPLE.sample, lost: 0, doubled: 0 });
  expect(totalsOf(results).rowsCompared).toBeGreaterThan(0);
});

test('so it is where a clone follows, and tables come and go', async () => {
  const results: RoundResult[] = [];
  await playShare(world!, OF_TABLES, { chosen: () => undefined, played: (result) => results.push(result) });
  expect(results.map(roundLine).filter((line) => !line.startsWith('ok'))).toEqual([]);
  expect(totalsOf(results)).toMatchObject({ rounds: 1, points: 2, survived: 2, lost: 0, doubled: 0 });
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

test('what is left behind on either side is named', async () => {
  await expect(expectNoRemains(world!, 0)).resolves.toBeUndefined();
  const onSource = (sql: string) => world!.inShop('source', (client) => client.query(sql));
  const onClone = (sql: string) => world!.inShop('target', (client) => client.query(sql));
  await onSource(`GRANT SELECT ON public.mended TO acas_demo; GRANT USAGE ON SCHEMA public TO acas_demo`);
  await onSource(`SELECT pg_create_physical_replication_slot('pg_1_sync_2_3')`);
  await onClone(`SELECT pg_replication_origin_create('left_1')`);
  await onClone(`COMMENT ON SUBSCRIPTION acas_demo_shop IS '{"granted":{}}'`);
  await expect(expectNoRemains(world!, 0)).rejects.toThrow(
    /slot pg_1_sync_2_3, right on mended, right on schema public, origin left_1, note /,
  );
});
