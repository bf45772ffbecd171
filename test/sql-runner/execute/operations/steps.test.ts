import type { Connections } from '../../../../sql-runner/connections/connections';
import { changeOf, type Operation } from '../../../../sql-runner/model/change';
import { execute } from '../../../../sql-runner/execute/execute';
import type { Execution } from '../../../../sql-runner/execute/execution';
import { inWorld, newWorld, type World } from '../../support/fake-world';
import { prepared } from '../../support/observations';

const shop = { side: 'source', database: 'shop' } as const;

/** Carries the operation out; `also` sees the connections afterwards. */
async function carriedOut(world: World, operation: Operation): Promise<World> {
  await inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    const writer = (place: Parameters<Connections['writer']>[0]) => connections.writer(place, async () => undefined);
    const address = { side: 'source', kind: 'i' } as const;
    const change = changeOf({ address, action: 'update', reason: '', preview: [], operation });
    try {
      const listener: Execution['listener'] = (event) => world.events.push(event);
      await execute(change, { connections, listener, interrupted: () => false, writer });
    } finally {
      await connections.close();
      expect(world.open.size).toBe(0);
    }
  });
  return world;
}

const lines = (world: World, pattern: RegExp) => world.log.filter((line) => pattern.test(line));

/** Time that passes by an hour whenever somebody looks at it. */
async function inHours<T>(body: () => Promise<T>): Promise<T> {
  let now = 0;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 3_600_000));
  try {
    return await body();
  } finally {
    clock.mockRestore();
  }
}

const ticket = (nonce: string | null): Operation => ({
  kind: 'issue-ticket',
  parameter: '/t',
  environment: 'demo',
  nonce,
  entries: ['shop', 'ledger'].map((database) => ({
    database,
    publication: `acas_demo_${database}`,
    mark: { kind: 'publication', environment: 'demo', slot: `acas_demo_${database}` },
  })),
});

test('a new nonce is in every publication, with the position of its slot, before it is in the parameter', async () => {
  const { log } = await carriedOut(newWorld(prepared), ticket(null));
  const steps = log.filter((line) => /COMMENT ON|aws PutParameter/.test(line));
  expect(steps.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'source shop:',
    'source ledger:',
    'aws PutParameter',
  ]);
  const nonces = steps.map((line) => /[0-9a-f-]{36}/.exec(line)![0]);
  expect(new Set(nonces).size).toBe(1);
  expect(steps[0]).toContain('"confirmedFlushLsn":"0/2000000"');
  expect(steps[2]).toContain('/t');
});

test('a nonce that every publication carries is only written to the parameter', async () => {
  const { log } = await carriedOut(newWorld(prepared), ticket('the-nonce'));
  expect(log.filter((line) => /COMMENT ON|aws Put/.test(line))).toEqual([expect.stringContaining('the-nonce')]);
});

test.each([
  ['is gone', 'SLOT_LOST', (world: World) => world.observation.source.slots.splice(0, 1)],
  ['has no position', 'SLOT_LOST', (world: World) => (world.observation.source.slots[0]!.confirmedFlushLsn = null)],
  [
    'is read',
    'SLOT_ACTIVE',
    (world: World) => Object.assign(world.observation.source.slots[0]!, { active: true, activePid: 7 }),
  ],
])('no ticket is issued when a slot %s', async (_, code, change) => {
  const world = newWorld(prepared);
  change(world);
  await expect(carriedOut(world, ticket(null))).rejects.toMatchObject({ code });
  expect(lines(world, /COMMENT ON|aws Put/)).toEqual([]);
});

test('a group is attached when RDS has noted it, and not before', async () => {
  const world = newWorld(prepared);
  const { cluster } = world.observation.source;
  cluster.parameterGroup = 'before';
  const states = [
    { parameterGroupStatus: 'applying' },
    { status: 'modifying', parameterGroupStatus: 'in-sync' },
    { status: 'available' },
  ];
  world.onAws = (call) => void (call === 'ModifyDBCluster' && Object.assign(cluster, states.shift()));
  const describe = /aws DescribeDBClusters /;
  const watch = world.log.push.bind(world.log);
  world.log.push = (line: string) => {
    if (describe.test(line) && lines(world, describe).length > 0) Object.assign(cluster, states.shift());
    return watch(line);
  };
  await carriedOut(world, { kind: 'attach-parameter-group', cluster: 'demo-production', group: 'demo-logical' });
  expect([lines(world, describe).length, states.length]).toEqual([3, 0]);
});

test.each([
  ['another group', { parameterGroup: 'before' }],
  ['a group that is being applied', { parameterGroupStatus: 'applying' }],
  ['a cluster that is not available', { status: 'modifying' }],
])('half an hour with %s is an error', async (_, facts) => {
  const world = newWorld(prepared);
  world.onAws = () => void Object.assign(world.observation.source.cluster, facts);
  const attach = { kind: 'attach-parameter-group', cluster: 'demo-production', group: 'demo-logical' } as const;
  await expect(inHours(() => carriedOut(world, attach))).rejects.toMatchObject({ code: 'CLUSTER_NOT_READY' });
});

const reboot = { kind: 'reboot-writer', cluster: 'demo-production', expectLogical: true } as const;

test('a restart is over when writer and group say so, and everything is connected anew', async () => {
  const world = newWorld(prepared);
  await carriedOut(world, reboot);
  expect(world.events).toEqual([{ type: 'waiting', for: 'writer-1 to come back' }]);
  expect(lines(world, /aws RebootDBInstance/)).toEqual([expect.stringContaining('writer-1')]);
  expect(world.log.findIndex((line) => line.startsWith('connect source'))).toBeGreaterThan(
    world.log.findLastIndex((line) => line.startsWith('aws DescribeDBInstances')),
  );
});

test.each([
  ['an instance that does not come back', (world: World) => (world.instanceStatus = 'rebooting')],
  [
    'a group that stays pending',
    (world: World) => (world.observation.source.cluster.parameterGroupStatus = 'pending-reboot'),
  ],
])('%s is an error after half an hour', async (_, change) => {
  const world = newWorld(prepared);
  change(world);
  await expect(inHours(() => carriedOut(world, reboot))).rejects.toMatchObject({ code: 'CLUSTER_NOT_READY' });
});

test('a restart after which there is no logical WAL is an error', async () => {
  const world = newWorld(prepared);
  world.observation.source.server.walLevel = 'replica';
  await expect(carriedOut(world, reboot)).rejects.toMatchObject({ code: 'WAL_LEVEL_NOT_LOGICAL' });
});

const rollback = { kind: 'rollback-prepared', place: shop, gid: "it's", transaction: '800' } as const;

test('a prepared transaction is ended as its owner, whose role is put off again also when it fails', async () => {
  const world = newWorld(prepared);
  const mine = { gid: "it's", transaction: '800', owner: 'App', database: 'shop', beforeStart: true, mayEnd: true };
  const others = [
    { ...mine, gid: 'other' },
    { ...mine, transaction: '801' },
  ];
  Object.assign(world.observation.source, {
    inheritable: { ...world.observation.source.inheritable, preparedTransactions: others },
  });
  await carriedOut(world, rollback);
  expect(lines(world, /ROLE|ROLLBACK PREPARED/)).toEqual([]);
  world.observation.source.inheritable.preparedTransactions.push(mine);
  await carriedOut(world, rollback);
  const steps = ['source shop: SET ROLE "App"', `source shop: ROLLBACK PREPARED 'it''s'`, 'source shop: RESET ROLE'];
  expect(lines(world, /ROLE|ROLLBACK PREPARED/)).toEqual(steps);
  world.log.length = 0;
  world.onSql = (sql) => (sql.startsWith('ROLLBACK PREPARED') ? new Error('no') : undefined);
  await expect(carriedOut(world, rollback)).rejects.toMatchObject({ code: 'CHANGE_FAILED' });
  expect(lines(world, /ROLE|ROLLBACK PREPARED/)).toEqual(steps);
});

const drop = { kind: 'drop-slot', place: shop, slot: 'acas_demo_shop' } as const;

test('a slot is dropped once nobody reads it; one that is gone is left; one that stays in use is an error', async () => {
  const world = newWorld(prepared);
  const [slot] = world.observation.source.slots;
  Object.assign(slot!, { active: true, activePid: 7 });
  world.onSql = (sql) => {
    if (sql.includes('AS slot') && lines(world, /AS slot/).length > 1) slot!.active = false;
    return undefined;
  };
  await carriedOut(world, drop);
  expect(lines(world, /pg_drop_replication_slot/)).toHaveLength(1);
  expect(lines(world, /AS slot/)).toHaveLength(2);
  const gone = newWorld(prepared);
  gone.observation.source.slots = gone.observation.source.slots.slice(1);
  await carriedOut(gone, drop);
  expect(lines(gone, /pg_drop_replication_slot/)).toEqual([]);
  const busy = newWorld(prepared);
  for (const [pid, shown] of [
    [7, 'process 7'],
    [null, 'process (unknown)'],
  ] as const) {
    Object.assign(busy.observation.source.slots[0]!, { active: true, activePid: pid });
    await expect(inHours(() => carriedOut(busy, drop))).rejects.toMatchObject({
      code: 'SLOT_ACTIVE',
      seen: expect.stringContaining(shown),
    });
  }
  expect(lines(busy, /pg_drop_replication_slot/)).toEqual([]);
});

test('a slot is made without waiting for locks, in one transaction', async () => {
  const world = await carriedOut(newWorld(prepared), { kind: 'create-slot', place: shop, slot: 'new' });
  expect(lines(world, /BEGIN|LOCAL lock_timeout|pg_create_logical|COMMIT/).map((line) => line.slice(13, 43))).toEqual([
    'BEGIN',
    'SET LOCAL lock_timeout = 0',
    'SELECT pg_create_logical_repli',
    'COMMIT',
  ]);
});

const password = {
  kind: 'set-role-password',
  place: shop,
  role: 'acas_demo',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:replication',
  version: 'v'.repeat(32),
} as const;

test('a password goes into the secret before the role gets it, and the secret of the role is kept', async () => {
  const fresh = newWorld(prepared);
  fresh.observation.source.secretVersion = null;
  const { log } = await carriedOut(fresh, password);
  expect(log.findIndex((line) => line.includes('ALTER ROLE'))).toBeGreaterThan(
    log.findIndex((line) => line.startsWith('aws PutSecretValue')),
  );
  expect(fresh.written?.username).toBe('acas_demo');
  expect(log.filter((line) => line.includes(fresh.written!.password) && !line.startsWith('aws Put'))).toEqual([]);
  const kept = await carriedOut(newWorld(prepared), password);
  expect(kept.written).toBeNull();
});

test.each([['of somebody else', { username: 'admin', password: 'theirs' }, 'acas_demo']])(
  'a login %s is replaced',
  async (_, login, expected) => {
    const world = newWorld(prepared);
    world.written = login;
    expect((await carriedOut(world, password)).written?.username).toBe(expected);
  },
);

test('a password that cannot be handed on is refused before the role is touched', async () => {
  const world = newWorld(prepared);
  world.written = { username: 'acas_demo', password: 'größer' };
  await expect(carriedOut(world, password)).rejects.toMatchObject({ code: 'SECRET_MALFORMED' });
  expect(lines(world, /ALTER ROLE/)).toEqual([]);
});
