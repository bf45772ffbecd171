import type { Client } from 'pg';
import type { Session } from '../../../sql-runner/postgres/session';
import type { Side, TableVerdict, VerifyEvent, VerifyInput } from '../../../sql-runner/verify/types';
import { verifyTables } from '../../../sql-runner/verify/verify-tables';
import { eventually } from '../../support/eventually';
import { openSession, targetOf } from '../postgres/sessions';
import type { ReplicatedPair } from './replicated-pair';

/** While somebody has this advisory lock, no read of a table comes to its end. */
const END_OF_SCAN = 7_700;

let pair: ReplicatedPair;
const brakes = {} as Record<Side, Client>;

export const GIVING_WAY = 'CREATE TABLE billion (id int PRIMARY KEY, v text)';

/** Reading the rows of a table makes nobody wait who changes the table, or writes to it. */
export function givesWay(started: () => ReplicatedPair): void {
  beforeAll(async () => {
    pair = started();
    await pair.source.query(`INSERT INTO billion SELECT g, 'v' FROM generate_series(1, 1000) g; ANALYZE billion`);
    for (const side of ['source', 'target'] as const) brakes[side] = await pair.test.connect(database(side));
  });
  beforeEach(() => inBoth(`SELECT pg_advisory_lock(${END_OF_SCAN})`));
  afterEach(() => inBoth('SELECT pg_advisory_unlock_all()'));

  it.each<[Side, Side]>([
    ['source', 'target'],
    ['target', 'source'],
  ])('lets through who alters a table on the %s, and who writes to it behind him; then compares it', letsThrough);
  it('says that a table was not compared when there is always somebody', neverFree);
  it('does not stand behind somebody who takes his time', patienceEnds);
  it('gives way to nobody when it is cancelled by hand', cancelledByHand);
  it('reads nothing that it cannot see anybody wait for', blind);
}

const inBoth = (sql: string): Promise<unknown> => Promise.all([brakes.source.query(sql), brakes.target.query(sql)]);

function database(side: Side): string {
  return side === 'source' ? 'shop' : 'copy';
}

/** A table of a thousand rows that takes as long to read as one of a billion. */
function slow(session: Session): Session {
  const query: Session['query'] = (sql, values) => {
    const ends = /sum\(hash\)/.test(sql) ? ` HAVING pg_advisory_xact_lock_shared(${END_OF_SCAN}) IS NOT NULL` : '';
    return session.query(`${sql}${ends}`, values);
  };
  return Object.assign(Object.create(session) as Session, { query });
}

async function verify(more: Partial<VerifyInput> = {}): Promise<TableVerdict> {
  const verdicts = await verifyTables({
    ...pair.sessions,
    openSource: async () => slow(await pair.sessions.openSource()),
    openTarget: async () => slow(await pair.sessions.openTarget()),
    tables: [{ schema: 'public', name: 'billion' }],
    giveWay: { everyMs: 100 },
    ...more,
  });
  return verdicts[0]!;
}

/** Until a session is in the midst of the table, or waits to have it. */
function waiting(side: Side, event: 'advisory' | 'relation'): Promise<{ pid: number }> {
  return eventually(async () => {
    const { rows } = await pair.target.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock' AND wait_event = $2`,
      [database(side), event],
    );
    return rows[0];
  });
}

/** Of production; who would have to wait until the table is read gives up. */
async function somebody(side: Side): Promise<Client> {
  const client = await pair.test.connect(database(side));
  await client.query(`SET application_name = 'migration 7'; SET lock_timeout = '5s'`);
  return client;
}

const pidOf = async (client: Client): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

async function letsThrough(on: Side, other: Side): Promise<void> {
  const events: VerifyEvent[] = [];
  const verdict = verify({ onEvent: (event) => events.push(event) });
  for (const side of [on, other]) await waiting(side, 'advisory');
  const [migration, writer] = [await somebody(on), await somebody(on)];
  const alter = `ALTER TABLE billion ADD COLUMN of_${on} int`;
  await migration.query(`BEGIN; ${alter}`);
  const written = writer.query('UPDATE billion SET v = v WHERE id = 1');
  await waiting(on, 'relation');
  // The other side's part of the comparison is over as well.
  await (await somebody(other)).query(alter);
  await migration.query('COMMIT');
  expect((await written).rowCount).toBe(1);
  // Only now may the table be read to its end.
  await inBoth('SELECT pg_advisory_unlock_all()');
  expect(await verdict).toMatchObject({ status: 'equal', rows: 1000, differences: [] });
  const gaveWay = events.filter(({ kind }) => kind === 'gave-way');
  expect(gaveWay).toEqual([expect.objectContaining({ pid: await pidOf(migration) })]);
}

async function neverFree(): Promise<void> {
  const verdict = verify();
  const migration = await somebody('source');
  for (let time = 1; time <= 3; time += 1) {
    await waiting('source', 'advisory');
    await migration.query('BEGIN; LOCK TABLE billion IN ACCESS EXCLUSIVE MODE; COMMIT');
  }
  const { status, rows, code, reason } = await verdict;
  expect({ status, rows, code }).toEqual({ status: 'unsupported', rows: 0, code: 'VERIFY_GAVE_WAY' });
  expect(reason).toBe(
    `"public"."billion" was not compared: reading it on the source gave way to process ${await pidOf(migration)} ` +
      '(user master, application "migration 7", LOCK TABLE), in try 3; run verify again when that has ended',
  );
}

/** The login may not see what others do, and so not what they wait for. */
async function patienceEnds(): Promise<void> {
  const login = { user: 'sees_little', password: 'secret' };
  const admin = await pair.test.cluster.adminClient('shop');
  await admin.query(`CREATE ROLE sees_little LOGIN PASSWORD 'secret'; GRANT SELECT ON billion TO sees_little;
    CREATE INDEX of_v ON billion (v)`);
  await admin.end();
  const openSource = async (): Promise<Session> =>
    slow(await openSession({ ...targetOf(pair.test, 'shop'), ...login }));
  const verdict = verify({ openSource, giveWay: { everyMs: 100, patienceMs: 300 } });
  await waiting('source', 'advisory');
  const migration = await somebody('source');
  await migration.query('BEGIN; DROP INDEX of_v');
  expect(await verdict).toMatchObject({
    code: 'VERIFY_GAVE_WAY',
    reason: expect.stringMatching(
      /gave way to process \d+ \(user master, application "migration 7"\), in try 1; run verify again/,
    ),
  });
  await migration.query('ROLLBACK');
}

async function cancelledByHand(): Promise<void> {
  const verdict = verify();
  const { pid } = await waiting('source', 'advisory');
  await pair.source.query('SELECT pg_cancel_backend($1)', [pid]);
  await inBoth('SELECT pg_advisory_unlock_all()');
  const { status, code, reason } = await verdict;
  expect({ status, code }).toEqual({ status: 'unsupported', code: undefined });
  expect(reason).toContain('could not be read on the source');
}

async function blind(): Promise<void> {
  const verdict = verify();
  const refused = expect(verdict).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await waiting('source', 'advisory');
  await eventually(async () => {
    const { rowCount } = await pair.target.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = 'shop' AND query LIKE '%pg_get_userbyid(a.usesysid)%'`,
    );
    return rowCount! > 0;
  });
  // The brake is still on.
  await refused;
}
