import { openConnections } from '../../../sql-runner/connections/open';
import { Connections } from '../../../sql-runner/connections/connections';
import type { Session } from '../../../sql-runner/postgres/session';
import { takeLock } from '../../../sql-runner/execute/lock';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { prepared } from '../support/observations';

const shop = { side: 'source', database: 'shop' } as const;
const onClone = { side: 'target', database: 'shop' } as const;
const nothing = async () => undefined;

async function connected<T>(world: World, body: (connections: Connections) => Promise<T>): Promise<T> {
  return inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    try {
      return await body(connections);
    } finally {
      await connections.close();
      expect(world.open.size).toBe(0);
    }
  });
}

const connects = (world: World) => world.log.filter((line) => line.startsWith('connect')).length;

/** Startup settings of the session that a body opens. */
async function settings(world: World, body: (connections: Connections) => Promise<unknown>): Promise<string> {
  let options = '';
  world.onConnect = (at) => void (options = at.options);
  await connected(world, body);
  return options;
}

test('what reads cannot write, and both have limits', async () => {
  const reading = await settings(newWorld(), (connections) => connections.reader(shop));
  expect(reading).toMatch(/default_transaction_read_only=on .*statement_timeout=60000 /);
  const writing = await settings(newWorld(), (connections) => connections.writer(shop, nothing));
  expect(writing).toMatch(/default_transaction_read_only=off .*statement_timeout=3600000 /);
  const login = { username: 'acas_demo', password: 'p' };
  const trying = await settings(newWorld(), async (connections) => (await connections.openAs(shop, login)).close());
  expect(trying).toMatch(/default_transaction_read_only=on .*statement_timeout=60000 /);
});

test('a server keeps what is read again and again, and nothing that is of one table each', async () => {
  const asked = async (open: (connections: Connections) => Promise<Session>) => {
    const world = newWorld();
    world.onSql = (sql) => (sql === 'SELECT 1' ? [] : undefined);
    await connected(world, async (connections) => {
      const session = await open(connections);
      await Promise.all([session.query('SELECT 1'), session.query('SELECT 1')]).finally(() => session.close());
    });
    return world.kept;
  };
  expect(await asked((connections) => connections.reader(shop))).toContain('SELECT 1');
  expect(await asked((connections) => connections.open(shop, true))).toContain('SELECT 1');
  expect(await asked((connections) => connections.open(shop, true, { statementTimeoutMs: 0 }))).toEqual([]);
  expect(await asked((connections) => connections.writer(shop, nothing))).toEqual([]);
});

test('the conninfo is a setting of writing sessions on the clone, and of no other', async () => {
  const conninfo = /acas\.conninfo=\S*host=.*production\.example\.com/;
  const setting = (place: typeof shop | typeof onClone, world = newWorld()) =>
    settings(world, (connections) => connections.writer(place, nothing));
  expect(await setting(onClone)).toMatch(conninfo);
  expect(await setting(onClone)).toMatch(/sslmode='?verify-full/);
  expect(await setting(shop)).not.toContain('acas.conninfo');
  const empty = newWorld();
  empty.observation.source.secretVersion = null;
  expect(await setting(onClone, empty)).not.toContain('acas.conninfo');
  expect(await settings(newWorld(), (connections) => connections.reader(onClone))).not.toContain('acas.conninfo');
});

test('a session is kept for its place, once for reading and once for writing', async () => {
  const world = newWorld();
  await connected(world, async (connections) => {
    const first = await connections.reader(shop);
    expect(await connections.reader(shop)).toBe(first);
    expect(await connections.writer(shop, nothing)).not.toBe(first);
    expect(await connections.reader(onClone)).not.toBe(first);
    expect(await connections.reader({ side: 'source', database: 'ledger' })).not.toBe(first);
    expect(connects(world)).toBe(4);
  });
});

test('a writing session that could not be prepared is closed, and not kept', async () => {
  const world = newWorld();
  await connected(world, async (connections) => {
    await expect(connections.writer(shop, () => Promise.reject(new Error('no lock')))).rejects.toThrow('no lock');
    expect(world.open.size).toBe(0);
    let prepares = 0;
    await connections.writer(shop, async () => void (prepares += 1));
    expect(prepares).toBe(1);
  });
});

test('sessions are forgotten all or of one side, and failed ones do not stand in the way', async () => {
  const world = newWorld();
  await connected(world, async (connections) => {
    const ledger = [shop, onClone].map(({ side }) => ({ side, database: 'ledger' }));
    for (const place of ledger) await connections.use(place, nothing);
    const [source, target] = [await connections.reader(shop), await connections.reader(onClone)];
    expect(world.open.size).toBe(4);
    await connections.closeSessions('target');
    // Both of the source: the one that is kept, and the one of its pool.
    expect([...world.open].map(({ host }) => host)).toEqual(Array(2).fill(world.contract.cluster.endpoint));
    expect(await connections.reader(shop)).toBe(source);
    expect(await connections.reader(onClone)).not.toBe(target);
    world.onConnect = () => sqlError('28P01');
    const failing = connections.reader({ side: 'target', database: 'ledger' });
    const closing = connections.closeSessions();
    await expect(failing).rejects.toMatchObject({ code: 'CONNECT_AUTH' });
    await closing;
    expect(world.open.size).toBe(0);
    await expect(connections.reader(shop)).rejects.toMatchObject({ code: 'CONNECT_AUTH' });
    world.onConnect = () => undefined;
    expect(await connections.reader(shop)).toBeDefined();
  });
});

test('where a server could not be asked at first, it is looked for again', async () => {
  const world = newWorld();
  await connected(world, async (connections) => {
    world.onConnect = () => sqlError('28P01');
    await expect(connections.first('source')).rejects.toMatchObject({ code: 'CONNECT_AUTH' });
    world.onConnect = () => undefined;
    expect(await connections.first('source')).toEqual(shop);
    // As it is once the sessions have ended: the database may have gone meanwhile.
    await connections.closeSessions('source');
    world.onConnect = ({ database }) => (database === 'shop' ? sqlError('3D000') : undefined);
    expect(await connections.first('source')).toEqual({ side: 'source', database: 'ledger' });
  });
});

test('a command connects as this', () => {
  const { contracts } = newWorld();
  expect(openConnections(contracts, false)).toMatchObject({ contracts, connects: false });
});

test('a session that opens after all is over is closed again', async () => {
  const world = newWorld();
  await inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    const late = connections.open(shop, true);
    await connections.close();
    await expect(late).rejects.toThrow('are closed');
    expect(world.open.size).toBe(0);
    // Nor is a server still asked for one.
    expect(world.log.filter((line) => line.startsWith('connect'))).toEqual([]);
  });
  await inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    let closing: Promise<void> | undefined;
    world.onConnect = () => void (closing = connections.close());
    await expect(connections.open(shop, true)).rejects.toThrow('are closed');
    await closing;
    expect([closing === undefined, world.open.size]).toEqual([false, 0]);
  });
});

test('each side has its own address and login, which is read once; an empty secret says what to do', async () => {
  const world = newWorld();
  await connected(world, async (connections) => {
    await connections.reader(shop);
    await connections.reader({ side: 'source', database: 'ledger' });
    await connections.reader(onClone);
  });
  expect(world.log.filter((line) => line.startsWith('aws GetSecretValue'))).toHaveLength(2);
  expect(world.log.filter((line) => line.startsWith('connect'))).toEqual([
    'connect source shop as master',
    'connect source ledger as master',
    'connect target shop as master',
  ]);
  const empty = newWorld();
  empty.observation.source.secretVersion = null;
  Object.assign(empty.contract.cluster, { adminSecretArn: empty.contract.replication.secretArn });
  await expect(connected(empty, (connections) => connections.reader(shop))).rejects.toMatchObject({
    code: 'ADMIN_SECRET_EMPTY',
    seen: expect.stringContaining("the source's"),
  });
  const undeployed = newWorld(prepared);
  await expect(connected(undeployed, (connections) => connections.reader(onClone))).rejects.toThrow('not deployed');
});

test('contracts that are mixed up never get a connection', () => {
  const { contracts } = newWorld();
  const target = { ...contracts.target!, cluster: contracts.source.cluster };
  expect(() => new Connections({ source: contracts.source, target })).toThrow(
    expect.objectContaining({ code: 'SAME_CLUSTER' }),
  );
});

describe('the lock', () => {
  const holder = { pid: 7, user: 'master', applicationName: 'sql-runner demo', since: 'noon' };
  const locking = (world: World, waitMs: number) =>
    connected(world, async (connections) =>
      takeLock(await connections.reader(shop), 'demo', waitMs, (event) => world.events.push(event)),
    );

  test('is taken without a word when it is free', async () => {
    const world = newWorld();
    await locking(world, 0);
    expect(world.events).toEqual([]);
  });

  test('is waited for, and its holder announced once', async () => {
    const world = newWorld();
    let asked = 0;
    world.onSql = (sql) => {
      if (sql.includes('FROM pg_locks')) return [holder];
      return sql.includes('pg_try_advisory_lock') ? [{ taken: (asked += 1) > 3 }] : undefined;
    };
    await locking(world, 60_000);
    expect([asked, world.events]).toEqual([
      4,
      [{ type: 'waiting', for: 'another run on demo: process 7 of master (sql-runner demo) since noon' }],
    ]);
  });

  test.each([
    [[holder], 'process 7 of master'],
    [[], 'it has just ended'],
  ])('that is not given up refuses and says who has it', async (rows, shown) => {
    const world = newWorld();
    world.onSql = (sql) =>
      sql.includes('FROM pg_locks') ? rows : sql.includes('pg_try_advisory') ? [{ taken: false }] : undefined;
    await expect(locking(world, 0)).rejects.toMatchObject({ code: 'LOCK_HELD', seen: expect.stringContaining(shown) });
  });

  test('is another one for another environment, and the same one for the same', async () => {
    const keys: unknown[] = [];
    const world = newWorld();
    world.onSql = (sql, _, [key]) =>
      sql.includes('pg_try_advisory') ? (keys.push(key), [{ taken: true }]) : undefined;
    await connected(world, async (connections) => {
      for (const name of ['demo', 'staging', 'demo'])
        await takeLock(await connections.reader(shop), name, 0, () => undefined);
    });
    expect(keys[0]).toMatch(/^-?\d+$/);
    expect([keys[0] === keys[1], keys[0] === keys[2]]).toEqual([false, true]);
  });
});
