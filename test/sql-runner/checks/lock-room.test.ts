import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { printedRun, printedSetting } from './printed-fix';

/** A server with room for the locks of few tables. */
const SMALL = {
  wal_level: 'logical',
  max_connections: '20',
  max_wal_senders: '4',
  max_worker_processes: '4',
  max_locks_per_transaction: '10',
};
let world: SurveyedCluster;

beforeAll(async () => {
  world = await startSurveyedCluster(sourceContract(['shop']), SMALL);
});
afterAll(() => world?.stop());

const found = async () => (await world.findings()).filter(({ code }) => code === 'SOURCE_LOCKS_TOO_FEW');

test('a publication whose locks would leave too few to production is refused, and the printed setting makes room', async () => {
  expect(await found()).toEqual([]);
  for (let n = 0; n < 90; n += 1) await world.source.query(`CREATE TABLE many_${n} (id int PRIMARY KEY)`);
  const [finding] = await found();
  expect(finding).toMatchObject({ severity: 'block', seen: expect.stringContaining('its 90 tables') });
  const { name, value } = printedSetting(finding!, 'SOURCE_LOCKS_TOO_FEW');
  // What it does with a parameter that waits for a restart.
  expect(printedRun(finding!, 'SOURCE_LOCKS_TOO_FEW')).toEqual(['apply', 'demo', '--allow-reboot']);
  await world.restartWith({ ...SMALL, [name]: value });
  expect(await found()).toEqual([]);
});
