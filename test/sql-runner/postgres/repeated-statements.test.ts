import type { Client } from 'pg';
import type { Session } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from './sessions';

let test: TestCluster;
let owner: Client;

beforeAll(async () => {
  test = await startTestCluster();
  owner = await test.connect('shop');
});
afterAll(() => test?.stop());

async function inSession<T>(repeats: boolean, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(targetOf(test, 'shop'), { repeats });
  return work(session).finally(() => session.close());
}

const KEPT = 'SELECT statement FROM pg_prepared_statements ORDER BY prepare_time';
const kept = async (session: Session) =>
  (await session.query<{ statement: string }>(KEPT)).map(({ statement }) => statement);

it('what is asked again is planned once more, and kept, whatever its values are', () =>
  inSession(true, async (session) => {
    const ONE = 'SELECT relname::text AS name FROM pg_class WHERE oid = $1::regclass';
    const OTHER = '\n  WITH one AS (SELECT 1 AS n) SELECT n FROM one';
    for (const name of ['pg_class', 'pg_proc', 'pg_type', 'pg_class', 'pg_proc', 'pg_type', 'pg_class'])
      expect(await session.query(ONE, [name])).toEqual([{ name }]);
    expect([await session.query(OTHER), await session.query(OTHER)]).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    await session.transaction((inside) => inside.query(OTHER));
    // Asked for the first time, it is not kept itself.
    expect((await kept(session)).slice(-2)).toEqual([ONE, OTHER]);
    expect((await kept(session)).slice(-3)).toEqual([ONE, OTHER, KEPT]);
    if (!from(14)) return;
    const [counted] = await session.query<{ times: string }>(
      'SELECT generic_plans + custom_plans AS times FROM pg_prepared_statements WHERE statement = $1',
      [ONE],
    );
    expect(counted).toEqual({ times: '6' });
  }));

it('what is asked once, or again after a long time only, is not kept', () =>
  inSession(true, async (session) => {
    const clock = jest.spyOn(Date, 'now');
    const began = Date.now();
    try {
      for (const minutes of [0, 10, 20]) {
        clock.mockReturnValue(began + minutes * 60_000);
        expect(await session.query('SELECT 2 AS n')).toEqual([{ n: 2 }]);
      }
      expect(await kept(session)).toEqual([]);
      clock.mockReturnValue(began + 22 * 60_000);
      expect(await session.query('SELECT 2 AS n')).toEqual([{ n: 2 }]);
      expect(await kept(session)).toContain('SELECT 2 AS n');
    } finally {
      clock.mockRestore();
    }
  }));

it('nothing is kept of a session whose statements are of one table each', () =>
  inSession(false, async (session) => {
    await session.query('SELECT 1');
    expect(await kept(session)).toEqual([]);
  }));

it('what is kept goes with a table that is made again, gone, or of another type', () =>
  inSession(true, async (session) => {
    const ASKED = 'SELECT n::text AS n FROM public.made_again';
    const ask = () => session.query(ASKED);
    await owner.query('CREATE TABLE made_again AS SELECT 1 AS n');
    expect(await ask()).toEqual([{ n: '1' }]);
    await owner.query('DROP TABLE made_again');
    await expect(ask()).rejects.toMatchObject({ code: '42P01' });
    await owner.query(`CREATE TABLE made_again AS SELECT 'two'::text AS n`);
    expect(await ask()).toEqual([{ n: 'two' }]);
    await owner.query('ALTER TABLE made_again ALTER n TYPE varchar(9), ADD more int');
    expect(await ask()).toEqual([{ n: 'two' }]);
  }));
