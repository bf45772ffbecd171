import { changeFailed, lockTimeout } from '../../../sql-runner/execute/change-errors';
import type { Change } from '../../../sql-runner/model/change';
import { WaitedInVain } from '../../../sql-runner/execute/lock-wait';

const cause = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
const wait = (pid: number) => ({
  table: 'public.orders',
  pid,
  user: 'app',
  applicationName: 'a report',
  state: 'active',
  since: '2026-01-02 03:04:05 UTC',
});
const timeout = (side: 'source' | 'target', ...pids: number[]) =>
  lockTimeout('source/shop/publication/p', new WaitedInVain({ side, database: 'shop' }, pids.map(wait), cause));

test.each([
  ['source', 'source'],
  ['target', 'clone'],
] as const)('whoever holds the lock can be ended on the %s', (side, shown) => {
  const error = timeout(side, 7, 0, 8);
  expect([error.code, error.cause]).toEqual(['LOCK_TIMEOUT', cause]);
  expect(error.next).toBe(
    `wait until that has ended, then run the same command again: it carries on from here; or end it before, in database shop on the ${shown}: SELECT pg_terminate_backend(7); SELECT pg_terminate_backend(8);`,
  );
  expect(error.seen).toMatch(
    /waited in vain for a lock on public\.orders, held by process 7 .* and a prepared transaction and process 8/,
  );
});

test('of a catalog whoever holds the lock is ended from another database: nobody new may get into its own', () => {
  const waits = [{ ...wait(7), table: 'pg_catalog.pg_publication_rel' }];
  const error = lockTimeout(
    'source/shop/publication/p',
    new WaitedInVain({ side: 'source', database: 'shop' }, waits, cause),
  );
  expect(error.next).toMatch(/, in database postgres on the source: SELECT pg_terminate_backend\(7\);$/);
});

test('of what is no table, whoever holds the lock is ended where it is', () => {
  const waits = [{ ...wait(7), table: null }];
  const error = lockTimeout('p', new WaitedInVain({ side: 'source', database: 'shop' }, waits, cause));
  expect(error.next).toMatch(/, in database shop on the source: SELECT pg_terminate_backend\(7\);$/);
});

test('a prepared transaction has no process that could be ended', () => {
  expect(timeout('source', 0).next).toMatch(/it carries on from here$/);
});

test('a lock of which nobody saw who held it', () => {
  expect(timeout('source').seen).toBe('source/shop/publication/p waited in vain for a lock');
});

test.each([
  ['55P03', 'LOCK_TIMEOUT'],
  ['42501', 'PRIVILEGE_MISSING'],
  ['42710', 'CHANGE_FAILED'],
])('SQLSTATE %s is %s', (code, expected) => {
  const change = { id: 'source/shop/slot/s' } as Change;
  expect(changeFailed(change, Object.assign(new Error('no'), { code, detail: 'because' }))).toMatchObject({
    code: expected,
    seen: `source/shop/slot/s: no; because (SQLSTATE ${code})`,
  });
});
