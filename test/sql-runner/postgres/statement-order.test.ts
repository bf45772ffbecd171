import { Client } from 'pg';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';
import type { SessionTarget } from '../../../sql-runner/postgres/session';

const original = Client.prototype.query as (this: Client, asked: { text: string }) => Promise<unknown>;

let test: TestCluster;
let target: SessionTarget;
beforeAll(async () => {
  test = await startTestCluster();
  target = targetOf(test, 'shop');
});
afterAll(() => test?.stop());

it('gives pg one statement at a time where it may write, however many parts of a run share the session', async () => {
  const session = await openSession(target, { readOnly: false });
  // pg warns of a statement that it is given while another runs, and will refuse it one day.
  const overlapping: string[] = [];
  let running = 0;
  const watched = function (this: Client, asked: { text: string }): Promise<unknown> {
    running += 1;
    if (running > 1) overlapping.push(asked.text);
    return original.call(this, asked).finally(() => (running -= 1));
  };
  Client.prototype.query = watched as typeof Client.prototype.query;
  const answers = await Promise.allSettled([
    session.query('SELECT 1 AS n'),
    session.query('SELECT pg_sleep(0.05)'),
    session.query('SELECT 1 / 0'),
    session.query('SELECT 2 AS n'),
  ]);
  Client.prototype.query = original as typeof Client.prototype.query;
  expect(overlapping).toEqual([]);
  expect(answers[0]).toMatchObject({ value: [{ n: 1 }] });
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  await session.close();
});

it('sends what only reads without waiting; one that fails takes no other along, and a transaction is alone', async () => {
  const session = await openSession(target, { repeats: true });
  const ask = (sql: string, ...values: unknown[]) => session.query<{ n: number }>(sql, values);
  const began = Date.now();
  const order: string[] = [];
  const note = <T>(what: string, asked: Promise<T>): Promise<T> => asked.finally(() => order.push(what));
  const answers = await Promise.allSettled([
    note('slow', session.query('SELECT pg_sleep(0.3), 1 AS n')),
    // As one statement that the server keeps, before it has said that it has it.
    ...[2, 3, 4].map((n) => note(`kept ${n}`, ask('SELECT $1::int AS n', n))),
    note('wrong', session.query('SELECT 1 / 0')),
    note(
      'transaction',
      session.transaction(async (inside) => {
        const [row] = await inside.query<{ at: number }>(`SELECT extract(epoch FROM now())::float8 AS at`);
        await inside.query('SELECT pg_sleep(0.05)');
        const [again] = await inside.query<{ at: number }>(`SELECT extract(epoch FROM now())::float8 AS at`);
        return again!.at - row!.at;
      }),
    ),
    note('after', session.query(`SELECT current_setting('transaction_isolation') AS isolation`)),
  ]);
  expect(
    answers.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)),
  ).toEqual([
    [expect.objectContaining({ n: 1 })],
    [{ n: 2 }],
    [{ n: 3 }],
    [{ n: 4 }],
    '22012',
    0,
    [{ isolation: 'read committed' }],
  ]);
  expect(order).toEqual(['slow', 'kept 2', 'kept 3', 'kept 4', 'wrong', 'transaction', 'after']);
  expect(Date.now() - began).toBeGreaterThan(300);
  await session.close();
});
