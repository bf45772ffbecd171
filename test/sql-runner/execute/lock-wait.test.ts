import { describeWaits, namingWaits, WaitedInVain } from '../../../sql-runner/execute/lock-wait';
import type { LockWait } from '../../../sql-runner/postgres/catalog/lock-waits';
import { executing } from '../support/executing';
import { newWorld, sqlError, type World } from '../support/fake-world';

const place = { side: 'source', database: 'shop' } as const;
const wait = (pid: number, table: string | null = 'public.orders'): LockWait => ({
  table,
  pid,
  user: 'app',
  applicationName: 'a report',
  state: 'active',
  since: '2026-01-02 03:04:05 UTC',
});
const HELD = 'held by process 7 of app (a report, active, in its transaction since 2026-01-02 03:04:05 UTC)';

test.each([
  [[wait(7)], `a lock on public.orders, ${HELD}`],
  [[wait(7, null)], `a lock on an object, ${HELD}`],
  [[wait(0), wait(7)], `a lock on public.orders, ${HELD.replace('by', 'by a prepared transaction and')}`],
  [[], 'a lock on an object, held by '],
])('who holds a lock is described', (waits, expected) => {
  expect(describeWaits(waits)).toBe(expected);
});

/** Works on a session while it is looked, once a round, whom it waits for. */
async function working<T>(world: World, rounds: readonly (LockWait[] | Error)[], work: () => Promise<T>): Promise<T> {
  const timer = jest.spyOn(globalThis, 'setInterval').mockReturnValue(77 as never);
  const cleared = jest.spyOn(globalThis, 'clearInterval').mockImplementation(() => undefined);
  let current: LockWait[] | Error = [];
  world.onSql = (sql, at, values) => {
    if (!sql.includes('pg_blocking_pids')) return undefined;
    expect([at.side, at.database, ...values]).toEqual(['source', 'shop', 4242]);
    return current;
  };
  try {
    return await executing(world, async (execution) => {
      const session = await execution.writer(place);
      return namingWaits(place, session, execution, async () => {
        for (const round of rounds) {
          current = round;
          timer.mock.calls[0]![0]();
          for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
        }
        return work();
      });
    });
  } finally {
    expect(cleared).toHaveBeenCalledWith(77);
    timer.mockRestore();
    cleared.mockRestore();
  }
}

const waitedInVain = () => Promise.reject(sqlError('55P03'));

test('whom it waits for is told whenever that changes, until it is done', async () => {
  const world = newWorld();
  const rounds = [[], [wait(7)], [wait(7)], sqlError('57014'), [wait(0), wait(7)], [], [wait(7)]];
  expect(await working(world, rounds, async () => 'done')).toBe('done');
  expect(world.events).toEqual(
    [[wait(7)], [wait(0), wait(7)], [wait(7)]].map((waits) => ({ type: 'waiting', for: describeWaits(waits) })),
  );
});

test('where it gives up, the error names for whom it waited when last looked', async () => {
  const error = await working(newWorld(), [[wait(7)], [wait(8)], []], waitedInVain).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(WaitedInVain);
  expect(error).toMatchObject({ place, waits: [wait(8)], message: '55P03', cause: { code: '55P03' } });
});

test('where it gives up before anybody looked, nobody is named', async () => {
  await expect(working(newWorld(), [], waitedInVain)).rejects.toMatchObject({ waits: [] });
});

test('another error stays as it is', async () => {
  const other = sqlError('42501');
  await expect(working(newWorld(), [[wait(7)]], () => Promise.reject(other))).rejects.toBe(other);
});
