import { readStatus, type StreamStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { isHealthy } from '../../sql-runner/model/health';
import { BrokenWorld, SUBSCRIPTION } from '../breakages/broken-world';
import { eventually } from '../support/eventually';
import { refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { lookAndBeatOn } from './support/look-and-beat';
import {
  consume,
  replace,
  replaceByCopyOf,
  replaceByNamesake,
  replaceByNew,
  replaceByNewThatMoves,
} from './support/slot-moves';

/** What the log does not tell of a slot: copies of other ones, and whoever was there while it was written otherwise. */

const stage = stagesInOrder();
let world: BrokenWorld;

beforeAll(async () => {
  world = await BrokenWorld.start('copies', 2);
  // It would write down what this test is to find not written down yet.
  await world.served.stop();
});
afterAll(() => world?.down());

const stream = async (): Promise<StreamStatus> =>
  (await readStatus(openConnections, world.lab.contracts)).streams.find(({ database }) => database === 'shop')!;
/** That of a worker that has come back. */
const seen = (is: (status: StreamStatus) => boolean): Promise<StreamStatus> =>
  eventually(async () => {
    const status = await stream();
    return is(status) ? status : null;
  }, 20_000);
const evidenceOf = ({ evidence }: StreamStatus): string => evidence.at(-1)!;

const lookAndBeat = (): Promise<void> => lookAndBeatOn(world);

/** The row that was skipped is put there by hand, so that there is something that comparing finds equal. */
async function healsByRows(): Promise<void> {
  await lookAndBeat();
  expect(await refusalOf(world.lab.run('apply'))).toBe('STREAM_BROKEN');
  await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
  expect(await world.lab.run('apply')).toBe('applied');
  expect(await seen(isHealthy)).toMatchObject({ problems: [] });
}

stage('a slot that a tool makes and polls while nothing is written is no doubt of ours', async () => {
  await world.write();
  // So many that what a checkpoint or autovacuum writes meanwhile cannot be as many transactions more.
  await world.onSource(
    `DO $$ BEGIN FOR i IN 1..3000 LOOP UPDATE orders SET note = note WHERE id = ${world.id}; COMMIT; END LOOP; END $$`,
  );
  await world.confirmed();
  await lookAndBeat();
  const before = await stream();
  const poll = `SELECT count(*) FROM pg_logical_slot_get_changes('cdc_tool', NULL, NULL)`;
  await world.onSource(`SELECT pg_create_logical_replication_slot('cdc_tool', 'test_decoding')`, poll);
  await world.endReplication();
  const status = await seen((now) => now.evidence[0] !== before.evidence[0] && now.state !== 'stopped');
  expect(status).toMatchObject({ state: 'streaming', problems: [] });
  await lookAndBeat();
  await world.onSource(`SELECT pg_drop_replication_slot('cdc_tool')`);
});

for (const [what, statements, elsewhere] of [
  ['a copy of itself that was advanced', replace, []],
  ['such a copy under a name that was there before', replaceByNamesake, []],
  ['a copy of a new one', replaceByNew, []],
  ['a copy of a new one that was moved on afterwards', replaceByNewThatMoves, []],
  [
    'a copy of a new one of another database, which stays there,',
    (slot: string) => replaceByCopyOf('aside', slot),
    [`SELECT pg_create_logical_replication_slot('aside', 'pgoutput')`],
  ],
] as const)
  stage(`a slot in whose place ${what} was put is not called well`, async () => {
    await lookAndBeat();
    await world.whileAway(async () => {
      await world.write();
      await world.beside('source', ...elsewhere);
      await world.onSource(...statements(SUBSCRIPTION));
    });
    const status = await seen(({ state }) => state === 'not proven');
    expect(status.problems[0]).toMatchObject({
      code: 'CONTINUITY_NOT_PROVEN',
      seen: expect.stringMatching(
        /^slot acas_demo_shop of database shop may have been replaced by a copy of slot aside,/,
      ),
    });
    await healsByRows();
    await world.beside(
      'source',
      `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'aside'`,
    );
  });

stage(
  'a slot in whose place a copy of another one of ours was put, which is read all the time, is not called well',
  async () => {
    for (const _ of Array.from({ length: 60 })) await world.write();
    await world.arrives();
    await lookAndBeat();
    await world.whileKilled(async () => {
      await world.write();
      // So that the other slot goes on beyond that row at once.
      await (await world.lab.source('branch_1')).query(`INSERT INTO orders VALUES (1, 'written', NULL)`);
      const [row] = (await world.onSource('SELECT pg_current_wal_flush_lsn()::text AS lsn')) as { lsn: string }[];
      const isPast = `SELECT FROM pg_replication_slots WHERE slot_name = 'acas_demo_branch_1' AND confirmed_flush_lsn >= '${row!.lsn}'`;
      await eventually(async () => (await world.onSource(isPast)).length === 1, 20_000);
      await world.onSource(...replaceByCopyOf('acas_demo_branch_1', SUBSCRIPTION));
    });
    const status = await seen(({ state }) => state === 'not proven');
    expect(status.problems[0]).toMatchObject({
      code: 'CONTINUITY_NOT_PROVEN',
      seen: expect.stringMatching(
        /^slot acas_demo_shop of database shop was made anew, or replaced by a copy of another one, before its reader came at/,
      ),
    });
    await healsByRows();
  },
);

for (const [name, value] of [
  ['log_min_messages', 'fatal'],
  ['log_error_verbosity', 'verbose'],
  ['log_timezone', 'Asia/Tokyo'],
  ['log_line_prefix', 'x '],
] as const)
  stage(`where ${name} was ${value} while somebody may have been at the slot, that is said`, async () => {
    await lookAndBeat();
    const before = await stream();
    await world.whileAway(async () => {
      await world.beside('source', `ALTER SYSTEM SET ${name} = '${value}'`, 'SELECT pg_reload_conf()');
      await eventually(async () => (await world.onSource('SHOW ' + name))[0]![name] === value);
      await world.write();
      await world.onSource(...consume(SUBSCRIPTION));
      await world.beside('source', `ALTER SYSTEM RESET ${name}`, 'SELECT pg_reload_conf()');
      await eventually(async () => (await world.onSource('SHOW ' + name))[0]![name] !== value);
    });
    const told = new RegExp(`${name} was changed(?: at \\S+)?, and what was logged before may be missing`);
    const status = await seen(
      (now) => now.evidence[0] !== before.evidence[0] && (now.state === 'not proven' || told.test(evidenceOf(now))),
    );
    // Where its lines can be read all the same, who was there is told as well.
    if (name === 'log_error_verbosity') expect(status.state).toBe('not proven');
    const { unlooked } = await readStatus(openConnections, world.lab.contracts);
    if (status.state !== 'not proven') expect(unlooked.join()).toMatch(told);
    await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
    expect(await world.lab.run('resume')).toBe('applied');
    expect(await seen(isHealthy)).toMatchObject({ problems: [] });
  });
