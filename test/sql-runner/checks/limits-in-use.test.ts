import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { printedSetting } from './printed-fix';

/** The server has what the groups of the environment would not allow; a restart with them stands for a copy that starts. */
const NOW = { wal_level: 'logical', max_prepared_transactions: '3', max_replication_slots: '6' };
const contract = sourceContract(['shop']);
const { parameters } = contract.parameterGroup;
parameters.max_replication_slots = '2';
let world: SurveyedCluster;

beforeAll(async () => {
  world = await startSurveyedCluster(contract, NOW);
});
afterAll(() => world?.stop());

const found = async () => (await world.findings()).filter(({ code }) => code === 'LIMIT_BELOW_USE');
/** As the groups of the environment have it. */
const ofGroups = () => ({
  ...NOW,
  max_prepared_transactions: parameters.max_prepared_transactions ?? '0',
  max_replication_slots: parameters.max_replication_slots!,
});

test('a server with prepared transactions starts only where they have room, as printed', async () => {
  expect(await found()).toMatchObject([
    {
      severity: 'warn',
      seen: expect.stringMatching(
        /^max_prepared_transactions is 0 in .+; the source allows 3, and has 0 prepared now$/,
      ),
    },
  ]);
  await world.source.query(`BEGIN; PREPARE TRANSACTION 'held'`);
  const [exceeded, ...others] = await found();
  expect([exceeded, others]).toMatchObject([{ severity: 'block', stops: ['ticket', 'reboot'] }, []]);
  await expect(world.restartWith(ofGroups())).rejects.toThrow(/prepared transactions/);
  const { name, value } = printedSetting(exceeded!, 'LIMIT_BELOW_USE');
  parameters[name] = value;
  await world.restartWith(ofGroups());
  expect(await found()).toEqual([]);
});

test('and one with slots only where these have', async () => {
  // Running with more than the groups set, as with a group that stays.
  await world.restartWith({ ...ofGroups(), max_replication_slots: '6' });
  expect(await found()).toEqual([]);
  await world.source.query(`ROLLBACK PREPARED 'held'`);
  for (const name of ['a', 'b', 'c'])
    await world.source.query(`SELECT pg_create_logical_replication_slot('${name}', 'pgoutput')`);
  const [exceeded] = await found();
  expect(exceeded).toMatchObject({ severity: 'block', seen: expect.stringContaining('4 slots or origins with ours') });
  await expect(world.restartWith(ofGroups())).rejects.toThrow(/too many replication slots/);
  const { name, value } = printedSetting(exceeded!, 'LIMIT_BELOW_USE');
  parameters[name] = value;
  await world.restartWith(ofGroups());
  expect(await found()).toEqual([]);
});
