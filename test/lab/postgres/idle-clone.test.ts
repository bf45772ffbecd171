import { freePort } from '../../../lab/postgres/free-port';
import { startTestCluster, type TestCluster } from '../../support/postgres';

let source: TestCluster;

beforeAll(async () => {
  source = await startTestCluster({ databases: ['shop'], parameters: { wal_level: 'logical' } });
});

afterAll(() => source.stop());

test('a clone of an idle source does not stand ahead of it', async () => {
  const clone = await source.cluster.cloneTo({ directory: source.cloneDirectory(), port: await freePort() });
  source.onStop(() => clone.destroy());
  const seedLsn = await clone.firstStartOfClone();
  const shop = await source.connect('shop');
  const { rows } = await shop.query('SELECT $1::pg_lsn <= pg_current_wal_flush_lsn() AS reached', [seedLsn]);
  expect(rows).toEqual([{ reached: true }]);
});
