import { setRolePassword } from '../../../../sql-runner/execute/operations/role-password';
import { createSlot, dropSlot } from '../../../../sql-runner/execute/operations/slot';
import { executing } from '../../support/executing';
import { newWorld } from '../../support/fake-world';
import { following, prepared } from '../../support/observations';

const place = { side: 'source', database: 'shop' } as const;

test('who keeps a slot from being made is named whenever that changes, oneself left out, until it is made', async () => {
  const world = newWorld(prepared);
  const blocker = (pid: number) => ({
    pid,
    user: 'app',
    applicationName: '',
    database: 'shop',
    state: 'idle',
    ageSeconds: 9,
    statement: `UPDATE stock SET n = ${pid}`,
  });
  // Process 4242 is this session itself.
  const rounds = [[], [blocker(4242)], [blocker(4242), blocker(8)], [blocker(8)], [blocker(8), blocker(9)], []];
  let now = 100_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
  const looked = async (look: () => void): Promise<void> => {
    now += 3_000;
    look();
    for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
  };
  let current: object[] = [];
  const timer = jest.spyOn(globalThis, 'setInterval').mockReturnValue(77 as never);
  const cleared = jest.spyOn(globalThis, 'clearInterval').mockImplementation(() => undefined);
  world.onSql = (sql) => (sql.includes('backend_xid IS NOT NULL') ? current : undefined);
  try {
    await executing(world, async (execution) => {
      await createSlot({ kind: 'create-slot', place, slot: 'new' }, execution);
      const look = timer.mock.calls[0]![0];
      for (const round of rounds) {
        current = round;
        await looked(look);
      }
      // The same ones again are told when some time has passed.
      current = [blocker(9)];
      for (let times = 0; times < 6; times += 1) await looked(look);
      current = [];
      world.survey.source.prepared.push({ gid: "it's", owner: 'batch', database: 'other', ageSeconds: 1 });
      await looked(look);
    });
    expect(cleared).toHaveBeenCalledWith(77);
  } finally {
    clock.mockRestore();
    timer.mockRestore();
    cleared.mockRestore();
  }
  expect(world.events.map((event) => event.type === 'waiting' && [event.for, event.seconds])).toEqual([
    ['open transactions to end: process 8 of app', 9],
    ['open transactions to end: process 8 of app, process 9 of app', 15],
    ['open transactions to end: process 9 of app', 21],
    ['open transactions to end: process 9 of app', 36],
    ["open transactions to end: prepared transaction 'it''s' of batch", 39],
  ]);
});

test('slots are made and dropped under the name that was planned', async () => {
  const world = newWorld(prepared);
  const names: unknown[] = [];
  world.onSql = (sql, _, [name]) => {
    if (/pg_create_logical|pg_drop_replication/.test(sql)) names.push(name);
    return undefined;
  };
  await executing(world, async (execution) => {
    await createSlot({ kind: 'create-slot', place, slot: 'new' }, execution);
    await dropSlot({ kind: 'drop-slot', place, slot: 'acas_demo_ledger' }, execution);
  });
  expect(names).toEqual(['new', 'acas_demo_ledger']);
});

test('a password is set in a writing session of its own, and the clone is connected anew with it', async () => {
  const world = newWorld(following);
  const writable: boolean[] = [];
  world.onSql = (sql, { options }) => {
    if (sql.includes('ALTER ROLE')) writable.push(options.includes('default_transaction_read_only=off'));
    return undefined;
  };
  await executing(world, async ({ connections, ...rest }) => {
    const [kept, stale] = [await connections.reader(place), await connections.reader({ ...place, side: 'target' })];
    const { role, secretArn } = world.contract.replication;
    await setRolePassword(
      { kind: 'set-role-password', place, role, secretArn, version: 'v'.repeat(32) },
      { connections, ...rest },
    );
    expect(await connections.reader(place)).toBe(kept);
    expect(await connections.reader({ ...place, side: 'target' })).not.toBe(stale);
  });
  expect(writable).toEqual([true]);
});
