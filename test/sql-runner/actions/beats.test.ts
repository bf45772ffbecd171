import { Beats } from '../../../sql-runner/actions/beats';
import { Watch } from '../../../sql-runner/actions/watch';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following } from '../support/observations';

async function beating(world: World, rounds: number, everyMs: number | null = 30_000): Promise<Beats> {
  const beats = new Beats(everyMs);
  await inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    for (let round = 0; round < rounds; round += 1) await beats.write(connections, new Set(['held']));
    await connections.close();
  });
  return beats;
}

const answering = (free: boolean): World => {
  const world = newWorld(following);
  world.onSql = (sql) =>
    sql.includes('pg_try_advisory_xact_lock') ? [{ free, now: '2026-01-02T03:04:05.000Z' }] : undefined;
  return world;
};
const written = (world: World): number => world.observation.source.databases.shop!.heartbeats![0]!.beats.length;

test('each stream gets a beat, no more often than it is to, over the session by which it is read', async () => {
  const world = answering(true);
  const { written: told } = await beating(world, 3);
  expect(written(world)).toBe(1);
  expect(told.get('acas_demo_shop')).toEqual({ at: '2026-01-02T03:04:05.000Z', failure: null });
  expect([...told.keys()]).toEqual(['acas_demo_shop', 'acas_demo_ledger']);
});

test('none is written where none is asked for', async () => {
  const world = answering(true);
  expect((await beating(world, 3, null)).written.size).toBe(0);
  expect(written(world)).toBe(0);
});

test.each<[string, (world: World) => unknown]>([
  ['somebody else adds one', (world) => (world.onSql = answering(false).onSql)],
  ['the table is not ours', ({ observation }) => (observation.source.databases.shop!.heartbeats = [])],
])('while %s none is, and that is no failure', async (_, change) => {
  const world = answering(true);
  change(world);
  const { written: told } = await beating(world, 1);
  expect(told.get('acas_demo_shop')).toEqual({ at: null, failure: null });
});

test('what a server refuses is told, and keeps nobody from looking', async () => {
  const world = answering(true);
  const { onSql } = world;
  world.onSql = (sql, ...more) => (sql.includes('INSERT INTO') ? sqlError('53100') : onSql(sql, ...more));
  const { written: told } = await beating(world, 1);
  expect(told.get('acas_demo_shop')).toMatchObject({ at: null, failure: expect.stringContaining('53100') });
});

test('the end of a connection is for whoever looks to tell', async () => {
  const world = answering(true);
  world.onSql = (sql) => (sql.includes('pg_try_advisory_xact_lock') ? sqlError('57P01') : undefined);
  await expect(beating(world, 1)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('a stream of which a beat is missing gets none: a hundred more would take away what tells it', async () => {
  const world = answering(true);
  const at = '2026-01-02T03:04:05Z';
  const [first, second] = [1, 2].map((number) => ({ id: `b${number}`, previous: null, number, at, passed: null }));
  const [source, clone] = [world.observation.source, world.observation.target!];
  source.databases.shop!.heartbeats![0]!.beats = [first!, second!];
  clone.databases.shop!.heartbeats![0]!.beats = [second!];
  await inWorld(world, async () => {
    const watch = new Watch(world.opening, world.contracts, undefined, new Beats(0));
    const { status, beats } = await watch.sample();
    expect(status.streams.map(({ state }) => state)).toEqual(['not proven', 'streaming']);
    expect([...beats.keys()]).toEqual(['acas_demo_ledger']);
    await watch.close();
  });
  expect(written(world)).toBe(2);
});
