import type { Code } from '../../../errors/codes';
import { changeOf, sqlChange, type Guard, type Operation } from '../../../sql-runner/model/change';
import type { Connections } from '../../../sql-runner/connections/connections';
import { execute } from '../../../sql-runner/execute/execute';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { PROOF } from '../support/proof';

const shop = { side: 'target', database: 'shop' } as const;
const prepared = async () => undefined;

/** Carries the change out in the world, and returns what reached the servers of it. */
async function carriedOut(world: World, change: Parameters<typeof execute>[0]): Promise<string[]> {
  await inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    const writer = (place: Parameters<Connections['writer']>[0]) => connections.writer(place, prepared);
    try {
      await execute(change, {
        connections,
        listener: (event) => world.events.push(event),
        interrupted: () => false,
        writer,
      });
    } finally {
      await connections.close();
    }
  });
  return world.log.filter((line) => /guard|STATEMENT|BEGIN|COMMIT|ROLLBACK/.test(line));
}

const guard = (place: Guard['place'], name: string): Guard => ({
  place,
  sql: `SELECT true AS ok -- guard ${name}`,
  values: ['v'],
  refusal: { code: `REFUSED_${name}` as Code, seen: 'it is otherwise', why: 'w', next: 'n' },
});

const GUARDS = [
  guard(shop, 'HERE'),
  guard({ side: 'source', database: 'shop' }, 'THERE'),
  guard({ side: 'target', database: 'ledger' }, 'BESIDE'),
];

const PARTS = {
  address: { ...shop, kind: 'thing' },
  action: 'create',
  reason: 'a test',
  place: shop,
  guards: GUARDS,
  statements: [{ text: 'STATEMENT one' }, { text: 'STATEMENT $1', values: ['x'] }],
} as const;
const change = sqlChange(PARTS);

function answering(rows: (guard: string) => object[]): World {
  const world = newWorld();
  world.onSql = (sql) => {
    const name = /-- guard (\w+)/.exec(sql)?.[1];
    return name === undefined ? undefined : rows(name);
  };
  return world;
}

test('guards elsewhere come first, guards of the place inside of the transaction, then the statements', async () => {
  expect(
    await carriedOut(
      answering(() => [{ ok: true }]),
      change,
    ),
  ).toEqual([
    'source shop: SELECT true AS ok -- guard THERE',
    'target ledger: SELECT true AS ok -- guard BESIDE',
    'target shop: BEGIN',
    'target shop: SELECT true AS ok -- guard HERE',
    'target shop: STATEMENT one',
    'target shop: STATEMENT $1',
    'target shop: COMMIT',
  ]);
});

test('what has to be alone runs in no transaction, behind its guards', async () => {
  const alone = sqlChange({ ...PARTS, guards: GUARDS.slice(0, 1), alone: true });
  const world = answering(() => [{ ok: true }]);
  expect(await carriedOut(world, alone)).toEqual([
    'target shop: SELECT true AS ok -- guard HERE',
    'target shop: STATEMENT one',
    'target shop: STATEMENT $1',
  ]);
});

test.each(['HERE', 'THERE', 'BESIDE'])('the guard %s alone refuses: false, null, and no row', async (name) => {
  const found: [rows: object[], shown: string][] = [
    [[{ ok: false, seen_as: 7 }], 'it is otherwise (seen_as = 7)'],
    [[{ ok: null, by: 'app', at: null, of: ['a'] }], 'it is otherwise (by = app, at = null, of = ["a"])'],
    [[{ ok: null }], 'it is otherwise'],
    [[], 'it is otherwise'],
  ];
  for (const [rows, shown] of found) {
    const world = answering((asked) => (asked === name ? rows : [{ ok: true }]));
    await expect(carriedOut(world, change)).rejects.toMatchObject({ code: `REFUSED_${name}`, seen: shown });
    expect(world.log.filter((line) => line.includes('STATEMENT'))).toEqual([]);
  }
});

test.each([
  ['55P03', 'LOCK_TIMEOUT', /^target\/shop\/thing waited in vain for a lock$/],
  ['42501', 'PRIVILEGE_MISSING', /^target\/shop\/thing: broken; mend it \(SQLSTATE 42501\)$/],
  ['22012', 'CHANGE_FAILED', /^target\/shop\/thing: broken; mend it \(SQLSTATE 22012\)$/],
])('a statement that fails with %s is %s', async (state, code, seen) => {
  const world = answering(() => [{ ok: true }]);
  const { onSql } = world;
  world.onSql = (sql, at, values) =>
    sql === 'STATEMENT one' ? sqlError(state, 'broken', { hint: 'mend it' }) : onSql(sql, at, values);
  await expect(carriedOut(world, change)).rejects.toMatchObject({ code, seen: expect.stringMatching(seen) });
  expect(world.log.at(-1)).toBe('target shop: ROLLBACK');
});

test('an error that is for people already stays as it is, one without a code says so', async () => {
  const lost = answering(() => [{ ok: true }]);
  lost.onSql = (sql) => (sql === 'BEGIN' ? sqlError('57P01', 'gone') : [{ ok: true }]);
  await expect(carriedOut(lost, change)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  const odd = answering(() => [{ ok: true }]);
  odd.onSql = (sql) => (sql === 'BEGIN' ? new Error('odd') : [{ ok: true }]);
  await expect(carriedOut(odd, change)).rejects.toMatchObject({
    code: 'CHANGE_FAILED',
    seen: 'target/shop/thing: odd',
    next: expect.stringMatching(/^remove the cause/),
  });
});

test.each<[Operation, RegExp]>([
  [
    { kind: 'create-slot', place: { side: 'source', database: 'shop' }, slot: 's' },
    /pg_create_logical_replication_slot/,
  ],
  [
    { kind: 'drop-slot', place: { side: 'source', database: 'shop' }, slot: 'acas_demo_shop' },
    /pg_drop_replication_slot/,
  ],
  [{ kind: 'attach-parameter-group', cluster: 'demo-production', group: 'demo-logical' }, /^aws ModifyDBCluster /],
  [{ kind: 'reboot-writer', cluster: 'demo-production', expectLogical: true }, /^aws RebootDBInstance /],
  [
    {
      kind: 'set-role-password',
      place: { side: 'source', database: 'shop' },
      role: 'acas_demo',
      secretArn: 'arn',
      version: 'v'.repeat(32),
    },
    /ALTER ROLE %I PASSWORD/,
  ],
  [{ kind: 'issue-ticket', parameter: '/t', environment: 'demo', nonce: null, entries: [] }, /^aws PutParameter /],
  [{ kind: 'delete-ticket', parameter: '/t' }, /^aws DeleteParameter /],
  [{ kind: 'rollback-prepared', place: shop, gid: 'g', transaction: '7' }, /FROM pg_prepared_xacts/],
])('$kind does what it says', async (operation, expected) => {
  const world = newWorld();
  world.observation.source.slots.forEach((slot) => (slot.active = false));
  await carriedOut(
    world,
    changeOf({ address: { side: 'source', kind: 'i' }, action: 'update', reason: '', preview: [], operation }),
  );
  expect(world.log.filter((line) => expected.test(line))).toHaveLength(1);
});

test('prove-continuity does what it says, and proves nothing where what names the tables is gone', async () => {
  const world = newWorld();
  world.observation.source.databases.shop!.publications = [];
  const proven = carriedOut(
    world,
    changeOf({ address: { side: 'target', kind: 'i' }, action: 'update', reason: '', preview: [], operation: PROOF }),
  );
  await expect(proven).rejects.toMatchObject({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: expect.stringContaining(`publication ${PROOF.publication} is no longer in database shop`),
  });
});

describe('a statement that the server says is too early for', () => {
  const tooEarly = sqlChange({
    ...PARTS,
    guards: [],
    alone: true,
    statements: [{ text: 'STATEMENT', tooEarly: '55000' }],
  });
  const refusing = (times: number, state: string): World => {
    const world = newWorld();
    let left = times;
    world.onSql = (sql) => (sql === 'STATEMENT' && left-- > 0 ? sqlError(state, 'worker is still running') : undefined);
    return world;
  };

  test('is sent again until it is not', async () => {
    expect(await carriedOut(refusing(7, '55000'), tooEarly)).toHaveLength(8);
  });

  test.each([
    ['after a minute', Infinity, '55000', 240],
    ['at once for another reason', 1, '42501', 1],
  ])('is given up %s, with what the server said', async (_, times, state, sent) => {
    const world = refusing(times, state);
    const seen = expect.stringContaining(`worker is still running (SQLSTATE ${state})`) as string;
    await expect(carriedOut(world, tooEarly)).rejects.toMatchObject({ seen });
    expect(Math.abs(world.log.filter((line) => line.includes('STATEMENT')).length - sent)).toBeLessThanOrEqual(1);
  });

  test('is sent once where nothing was said to be too early, also for an error that no server has sent', async () => {
    const world = newWorld();
    world.onSql = (sql) => (sql === 'STATEMENT' ? new TypeError('not a value') : undefined);
    const change = sqlChange({ ...PARTS, guards: [], alone: true, statements: [{ text: 'STATEMENT' }] });
    await expect(carriedOut(world, change)).rejects.toThrow('not a value');
    expect(world.log.filter((line) => line.includes('STATEMENT'))).toHaveLength(1);
  });
});
