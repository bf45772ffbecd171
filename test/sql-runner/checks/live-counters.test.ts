import type { Finding } from '../../../sql-runner/model/change';
import { parseLsn } from '../../../sql-runner/postgres/text/lsn';
import { setCounters } from '../../support/set-counters';
import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { carryOut, printedRun } from './printed-fix';

/** What takes a server years, on a server whose counters were moved there. */
const PARAMETERS = {
  wal_level: 'logical',
  wal_keep_size: '0',
  max_worker_processes: '32',
  // Or the server would freeze by itself before anybody looks.
  autovacuum_freeze_max_age: '2000000000',
  autovacuum_multixact_freeze_max_age: '2000000000',
};
let world: SurveyedCluster;

beforeAll(async () => {
  world = await startSurveyedCluster(sourceContract(['shop'], { budget: BUDGET }), PARAMETERS);
});
afterAll(() => world?.stop());

/** Less than what is grown to. */
const BUDGET = { bytes: 11_000_000_000, hours: null, onBudget: 'alarm' } as const;

const find = async (code: string): Promise<Finding[]> => (await world.findings()).filter((one) => one.code === code);

const databaseOf = ({ seen }: Finding): string => / database (\S+) /.exec(` ${seen}`)![1]!;

test('SLOT_WAL_GROWS and WAL_BUDGET_EXCEEDED: a slot that stands 11 GB back, until it is given up as the environment is', async () => {
  await world.source.query(`SELECT pg_create_logical_replication_slot('acas_demo_shop', 'pgoutput')`);
  expect(await find('SLOT_WAL_GROWS')).toEqual([]);
  const { rows } = await world.source.query<{ lsn: string }>('SELECT pg_current_wal_lsn() AS lsn');
  await world.whileStopped((cluster) => setCounters(cluster, { wal: parseLsn(rows[0]!.lsn) + 11n * 1024n ** 3n }));
  const [grows] = await find('SLOT_WAL_GROWS');
  expect(grows).toMatchObject({
    severity: 'warn',
    seen: expect.stringMatching(/112\d\d MB of WAL and nobody reads it/),
  });
  expect(printedRun(grows!, 'SLOT_WAL_GROWS')).toEqual(['teardown', 'demo']);
  const [over] = await find('WAL_BUDGET_EXCEEDED');
  expect(over!.seen).toMatch(/: 118\d\d MB of WAL not confirmed of 11000 MB$/);
  expect(printedRun(over!, 'WAL_BUDGET_EXCEEDED')).toEqual(['teardown', 'demo']);
  // What teardown does with the slot (resources/replication-slot.ts).
  await world.source.query(`SELECT pg_drop_replication_slot('acas_demo_shop')`);
  expect([await find('SLOT_WAL_GROWS'), await find('WAL_BUDGET_EXCEEDED')]).toEqual([[], []]);
});

test('SOURCE_NEAR_WRAPAROUND and TARGET_NEAR_WRAPAROUND: late, then urgent, and over with the printed VACUUM', async () => {
  const severities = async () => {
    const found = [...(await find('SOURCE_NEAR_WRAPAROUND')), ...(await find('TARGET_NEAR_WRAPAROUND'))];
    return found.filter((one) => databaseOf(one) === 'shop').map(({ code, severity }) => `${code} ${severity}`);
  };
  expect(await severities()).toEqual([]);
  await world.whileStopped((cluster) => setCounters(cluster, { nextXid: 1_000_000_000n }));
  expect(await severities()).toEqual(['SOURCE_NEAR_WRAPAROUND warn', 'TARGET_NEAR_WRAPAROUND warn']);
  await world.whileStopped((cluster) => setCounters(cluster, { nextXid: 1_800_000_000n }));
  expect(await severities()).toEqual(['SOURCE_NEAR_WRAPAROUND block', 'TARGET_NEAR_WRAPAROUND block']);
  // Both sides are this one cluster.
  const found = [...(await find('SOURCE_NEAR_WRAPAROUND')), ...(await find('TARGET_NEAR_WRAPAROUND'))];
  for (const code of ['SOURCE_NEAR_WRAPAROUND', 'TARGET_NEAR_WRAPAROUND'])
    for (const finding of found.filter((one) => one.code === code)) {
      const admin = await world.test.cluster.adminClient(databaseOf(finding));
      await carryOut(finding, admin, code).finally(() => admin.end());
    }
  expect(await find('SOURCE_NEAR_WRAPAROUND')).toEqual([]);
  expect(await find('TARGET_NEAR_WRAPAROUND')).toEqual([]);
});
