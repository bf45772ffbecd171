import { ACCEPTABLE_CODES } from '../../../contract/acceptable-codes';
import { diagnose } from '../../../sql-runner/actions/doctor';
import { makePlan, run } from '../../../sql-runner/actions/run';
import { SessionPool } from '../../../sql-runner/connections/session-pool';
import { readStatus } from '../../../sql-runner/actions/status';
import type { Session } from '../../../sql-runner/postgres/session';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { following } from '../support/observations';

/** A pool of sessions that are only counted. */
function counted(limit: number, refuse: (database: string) => boolean = () => false) {
  const seen = { open: 0, most: 0, opened: [] as string[] };
  const pool = new SessionPool(limit, async (database) => {
    await Promise.resolve();
    if (refuse(database)) throw new Error(`no ${database}`);
    seen.opened.push(database);
    seen.most = Math.max(seen.most, (seen.open += 1));
    return { close: async () => void (seen.open -= 1) } as Session;
  });
  return { pool, seen };
}

const many = Array.from({ length: 100 }, (_, index) => `db_${index}`);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('never has more sessions than allowed, and serves everybody in the end', async () => {
  const { pool, seen } = counted(8);
  const done = await Promise.all(many.map((database) => pool.use(database, async () => (await turn(), database))));
  expect(done).toEqual(many);
  expect([seen.most, seen.opened.length]).toEqual([8, 100]);
  await pool.close();
  expect(seen.open).toBe(0);
});

test('parts that want one database share its session, and it stays while nobody needs the place', async () => {
  const { pool, seen } = counted(2);
  await Promise.all([1, 2, 3].map(() => pool.use('shop', turn)));
  await pool.use('ledger', turn);
  await pool.use('shop', turn);
  expect(seen.opened).toEqual(['shop', 'ledger']);
  await pool.use('audit', turn);
  expect([seen.opened.at(-1), seen.open]).toEqual(['audit', 2]);
  // Whose place was given away has no session any more.
  await pool.use('shop', turn);
  await pool.use('ledger', turn);
  expect(seen.opened.slice(3)).toEqual(['shop', 'ledger']);
  expect(seen.open).toBe(2);
});

test('more of them stay for who comes back: each logs in once, and no more than before are at work at a time', async () => {
  const { pool, seen } = counted(8);
  pool.keepAtRest(64);
  const here = many.slice(0, 32);
  let [working, most] = [0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, (working += 1));
    await turn();
    working -= 1;
  };
  for (let round = 0; round < 3; round += 1) await Promise.all(here.map((database) => pool.use(database, work)));
  expect([seen.opened.length, seen.open, most]).toEqual([32, 32, 8]);
  // Beyond that they make way as before.
  await Promise.all(many.map((database) => pool.use(database, work)));
  expect([seen.most, most]).toEqual([64, 8]);
  await pool.close();
  expect(seen.open).toBe(0);
});

test('one that is kept makes way for nobody, takes no place, and is the one that was open already', async () => {
  const { pool, seen } = counted(1);
  await pool.use('shop', turn);
  const kept = await pool.keep('shop');
  await pool.use('ledger', turn);
  await pool.use('audit', turn);
  expect(await pool.use('shop', async (session) => session)).toBe(kept);
  expect([seen.opened, seen.open]).toEqual([['shop', 'ledger', 'audit'], 2]);
  // Whoever waits for a place gets that of one that is kept from now on.
  let release = (): void => undefined;
  const working = pool.use('audit', () => new Promise<void>((resolve) => (release = resolve)));
  const waiting = pool.use('ledger', turn);
  await turn();
  await pool.keep('audit');
  await waiting;
  release();
  await working;
  expect([seen.opened.at(-1), seen.open]).toEqual(['ledger', 3]);
  await pool.close();
  expect(seen.open).toBe(0);
});

test('a session that could not be opened holds no place, and is tried again', async () => {
  let down = true;
  const { pool, seen } = counted(1, (database) => down && database === 'gone');
  await expect(pool.use('gone', turn)).rejects.toThrow('no gone');
  await Promise.all([expect(pool.use('gone', turn)).rejects.toThrow('no gone'), pool.use('shop', turn)]);
  down = false;
  await pool.use('gone', turn);
  expect([seen.opened, seen.open]).toEqual([['shop', 'gone'], 1]);
});

test('a session that could not be opened is opened for the next who asks', async () => {
  let down = true;
  const { pool, seen } = counted(2, () => down);
  await expect(pool.use('shop', turn)).rejects.toThrow('no shop');
  down = false;
  await pool.use('shop', turn);
  expect(seen.opened).toEqual(['shop']);
});

describe('after it was closed', () => {
  test('new sessions are opened for whoever asks', async () => {
    const { pool, seen } = counted(2);
    await pool.use('shop', turn);
    await pool.close();
    await pool.use('shop', turn);
    expect([seen.opened, seen.open]).toEqual([['shop', 'shop'], 1]);
  });

  test('whoever waited for a place is served, though the one that has it is still at work', async () => {
    const { pool } = counted(1);
    let end = () => {};
    const working = pool.use('shop', () => new Promise<void>((resolve) => (end = resolve)));
    await turn();
    let served = false;
    const waiting = pool.use('ledger', async () => void (served = true));
    await pool.close();
    await turn();
    expect(served).toBe(true);
    end();
    await Promise.all([working, waiting]);
  });

  test('one that could not be opened before takes nothing from the one that was opened since', async () => {
    let refused = 1;
    const { pool, seen } = counted(2, () => (refused -= 1) === 0);
    const before = pool.use('shop', turn).catch((error: Error) => error.message);
    const closing = pool.close();
    await Promise.all([pool.use('shop', turn), before, closing]);
    await pool.use('shop', turn);
    expect([await before, seen.opened]).toEqual(['no shop', ['shop']]);
  });
});

test('work that fails gives its place back', async () => {
  const { pool } = counted(1);
  await expect(pool.use('shop', () => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
  expect(await pool.use('ledger', () => Promise.resolve('served'))).toBe('served');
});

describe('with forty databases', () => {
  const names = many.slice(0, 40).sort();

  /** The most sessions that each side had at a time, and how often a query was sent, by a part of its text. */
  async function watched(work: (world: World) => Promise<unknown>, part: string) {
    const world = newWorld(following, names);
    const most = { source: 0, target: 0 };
    let asked = 0;
    world.onSql = (sql, { side }) => {
      const here = [...world.open].filter(({ host }) => (host === 'production.example.com') === (side === 'source'));
      most[side] = Math.max(most[side], here.length);
      if (sql.includes(part) && side === 'source') asked += 1;
      return undefined;
    };
    await inWorld(world, () => work(world));
    return { ...most, asked, overlaps: world.overlaps, left: world.open.size };
  }

  test.each([
    ['plan', (world: World) => makePlan(world.opening, world.contracts, 'apply')],
    ['doctor', (world: World) => diagnose(world.opening, world.contracts)],
    ['status', (world: World) => readStatus(world.opening, world.contracts)],
  ])('%s has ten sessions on each side at most, and asks for the tables of a database once', async (_, work) => {
    const seen = await watched(work, '"identityFault"');
    expect(seen).toMatchObject({ asked: names.length, overlaps: 0, left: 0 });
    // Eight that read databases, one for the server, and for a moment one that tries the password of the role.
    expect(Math.max(seen.source, seen.target)).toBeLessThanOrEqual(10);
  });

  test('apply has eight more on each side, that may write, and one stays in the first database of the source', async () => {
    const acknowledge = [...ACCEPTABLE_CODES];
    const applied = ({ opening, contracts: { source, target } }: World) =>
      run(
        opening,
        { source: { ...source, acknowledge }, target },
        {
          mode: 'apply',
          allowReboot: false,
          confirm: () => Promise.resolve(true),
          saved: null,
          lockTimeoutMs: 0,
          syncTimeoutMs: 5_000,
          interrupted: () => false,
          listener: () => undefined,
        },
      );
    const seen = await watched(applied, 'pg_try_advisory_lock');
    // Each at the beginning, and all but the one that stays again: for its beat, and for who was seen at its slot.
    expect(seen).toMatchObject({ asked: 3 * names.length - 2, overlaps: 0, left: 0 });
    expect(Math.max(seen.source, seen.target)).toBeLessThanOrEqual(18);
  });
});
