import type { Session } from '../../../sql-runner/postgres/session';
import { verifyTables } from '../../../sql-runner/verify/verify-tables';
import type { TableVerdict, VerifyInput } from '../../../sql-runner/verify/types';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { GIVING_WAY, givesWay } from './giving-way';
import { startReplicatedPair, type ReplicatedPair } from './replicated-pair';

let pair: ReplicatedPair;

beforeAll(async () => {
  pair = await startReplicatedPair(`
    CREATE TABLE accounts (id int PRIMARY KEY, is_default bool, name text);
    CREATE TABLE parent (id int PRIMARY KEY, v text);
    CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
    CREATE TABLE damaged (k text PRIMARY KEY, v text);
    CREATE TABLE changing (id int PRIMARY KEY, v text);
    CREATE TABLE swapped (id int PRIMARY KEY, v text);
    CREATE TABLE held (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
    CREATE TABLE held_1 PARTITION OF held FOR VALUES IN (1);
    CREATE TABLE computed (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED);
    CREATE TABLE narrow (t int PRIMARY KEY, id text, k text, wanted text, version text, hash text, bucket text);
    CREATE TABLE large (id int PRIMARY KEY, v text);
    ALTER TABLE large ALTER v SET STORAGE EXTERNAL;
    CREATE TABLE guarded (id int PRIMARY KEY);
    CREATE TABLE keyed (id int PRIMARY KEY, v text);
    CREATE TABLE keyless (id int, v text);
    ALTER TABLE keyless REPLICA IDENTITY FULL;
    ${GIVING_WAY}`);
  await pair.source.query(`
    INSERT INTO accounts SELECT g, g = 10, 'name ' || g % 3 FROM generate_series(1, 1000) g;
    INSERT INTO parent SELECT g, 'parent' FROM generate_series(1, 5) g;
    INSERT INTO child SELECT g, 'child' FROM generate_series(3, 8) g;
    INSERT INTO damaged SELECT 'key ' || g, 'v' FROM generate_series(1, 3000) g;
    INSERT INTO changing VALUES (1, 'v');
    INSERT INTO swapped VALUES (1, 'v');
    INSERT INTO held VALUES (1, 1);
    INSERT INTO computed SELECT g, g FROM generate_series(1, 5) g;
    INSERT INTO narrow SELECT g, 'a', 'b', 'c', 'd', 'e', 'f' FROM generate_series(1, 5) g;
    INSERT INTO keyed SELECT g, 'v' FROM generate_series(1, 5) g;
    INSERT INTO keyless TABLE keyed;
    INSERT INTO large SELECT g, repeat(md5(g::text), 30000) FROM generate_series(1, 4) g;
    ANALYZE`);
  await eventually(async () => (await pair.target.query(`SELECT FROM large`)).rowCount === 4);
  await pair.target.query('ANALYZE');
});

afterAll(() => pair?.test.stop());

const verify = (names: readonly string[], more: Partial<VerifyInput> = {}): Promise<TableVerdict[]> =>
  verifyTables({ ...pair.sessions, tables: names.map((name) => ({ schema: 'public', name })), ...more });

const found = ({ reason, status, differences }: TableVerdict): string[] => [
  ...(reason === undefined ? [status] : [status, reason]),
  ...differences.map(({ key, kind }) => `${kind}: ${Object.values(key).join('|')}`).sort(),
];

/** A session that does something before the first statement of a kind. */
function before(session: Session, statement: RegExp, act: () => Promise<unknown>): Session {
  let acted = false;
  const query: Session['query'] = async (sql, values) => {
    if (!acted && statement.test(sql)) {
      acted = true;
      await act();
    }
    return session.query(sql, values);
  };
  return Object.assign(Object.create(session) as Session, { query });
}

it('finds two rows that exchanged a value', async () => {
  await pair.target.query(`UPDATE accounts SET is_default = (id = 11) WHERE id IN (10, 11)`);
  const [accounts] = await verify(['accounts']);
  expect(found(accounts!)).toEqual(['different', 'different: 10', 'different: 11']);
});

it.each(['keyed', 'keyless'])('compares what the source has where the clone has more: %s', async (name) => {
  await eventually(async () => (await pair.target.query(`SELECT FROM ${name}`)).rowCount === 5);
  // The names of what verify asks for, a value for each row, and one that is computed.
  await pair.target.query(`ALTER TABLE ${name} ADD hash int NOT NULL DEFAULT 3, ADD bucket text, ADD "row" serial,
                             ADD twice int GENERATED ALWAYS AS (id * 2) STORED`);
  const onlyOnTarget = ['hash', 'bucket', 'row', 'twice'];
  expect(await verify([name])).toMatchObject([{ status: 'equal', rows: 5, onlyOnTarget }]);
  await pair.target.query(`UPDATE ${name} SET v = 'other' WHERE id = 2; DELETE FROM ${name} WHERE id = 4`);
  const [verdict] = await verify([name]);
  expect(found(verdict!)).toEqual(
    name === 'keyed'
      ? ['different', 'different: 2', 'missing on target: 4']
      : ['different', 'extra on target: (2,other,3,,2,4)', 'missing on target: (2,v)', 'missing on target: (4,v)'],
  );
});

it('reports a row of a child for the child only', async () => {
  await pair.target.query(`UPDATE child SET v = 'other' WHERE id = 4; DELETE FROM ONLY parent WHERE id = 5`);
  const [parent, child] = await verify(['parent', 'child']);
  expect(found(parent!)).toEqual(['different', 'missing on target: 5']);
  expect(found(child!)).toEqual(['different', 'different: 4']);
  expect([parent!.rows, child!.rows]).toEqual([5, 6]);
});

it('does not take a row that both indexes have lost for one that is gone', async () => {
  // An index that is not ready gets no entries: what is left is an index without this row.
  const ready = (is: boolean): string =>
    `UPDATE pg_index SET indisready = ${String(is)} WHERE indexrelid = 'damaged_pkey'::regclass`;
  const source = await pair.test.cluster.adminClient('shop');
  try {
    for (const side of [source, pair.target]) await side.query(ready(false));
    await source.query(`INSERT INTO damaged VALUES ('key lost', 'v')`);
    // The concatenation keeps the planner from asking the index.
    const change = `UPDATE damaged SET v = 'other' WHERE k || '' = 'key lost'`;
    await eventually(async () => (await pair.target.query(change)).rowCount === 1);
    for (const side of [source, pair.target]) await side.query(ready(true));
    const [damaged] = await verify(['damaged']);
    expect(damaged!.status).toBe('unsettled');
    expect(damaged!.reason).toContain(
      '1 rows are there when the table is read, but are not found by their key, ["key lost"]',
    );
  } finally {
    await source.end();
  }
});

it.each([
  ['changing', 'a column that came', 'ALTER TABLE changing ADD COLUMN w int'],
  [
    'swapped',
    'another table of the name',
    'ALTER TABLE swapped RENAME TO old; CREATE TABLE swapped (id int PRIMARY KEY, v text); INSERT INTO swapped TABLE old',
  ],
])('does not call table %s equal with %s while it was compared', async (name, _, change) => {
  const alter = async (): Promise<void> => {
    await pair.source.query(change);
    // In one transaction: in between the login of verify might find a table that it may not read.
    await pair.target.query(name === 'swapped' ? `${change}; GRANT SELECT ON swapped TO master` : change);
  };
  const openSource = async (): Promise<Session> => before(await pair.sessions.openSource(), /sum\(hash\)/, alter);
  const [verdict] = await verify([name], { openSource });
  expect(verdict!.status).toBe('unsettled');
  expect(verdict!.reason).toContain('was changed while it was compared');
});

it('compares generated columns, single bits in large values, and columns called like those of its own statements', async () => {
  await pair.target
    .query(`ALTER TABLE computed DROP twice; ALTER TABLE computed ADD twice int GENERATED ALWAYS AS (a * a) STORED;
    UPDATE narrow SET version = 'x' WHERE t = 3;
    UPDATE large SET v = overlay(v placing chr(ascii(substr(v, 500000, 1)) # 1) from 500000) WHERE id = 3`);
  const [computed, narrow, large] = await verify(['computed', 'narrow', 'large']);
  expect(found(computed!)).toEqual(['different', 'different: 1', 'different: 3', 'different: 4', 'different: 5']);
  expect(found(narrow!)).toEqual(['different', 'different: 3']);
  expect(found(large!)).toEqual(['different', 'different: 3']);
});

it('says which side refused, and who holds the lock', async () => {
  const openTarget = (): Promise<Session> => openSession(targetOf(pair.test, 'copy', 'target'), { lockTimeoutMs: 300 });
  await pair.target.query(`SET application_name = 'migration 7'; BEGIN; LOCK TABLE held_1 IN ACCESS EXCLUSIVE MODE`);
  try {
    const [held] = await verify(['held'], { openTarget, settleTimeoutMs: 100 });
    expect(held!.status).toBe('unsupported');
    expect(held!.reason).toContain(
      '"public"."held" could not be read on the target: canceling statement due to lock timeout',
    );
    expect(held!.reason).toMatch(/it is locked by process \d+ \(user \w+, application "migration 7", since .* UTC\)/);
    const hasty = (): Promise<Session> =>
      openSession(targetOf(pair.test, 'copy', 'target'), { statementTimeoutMs: 2_000 });
    const [slow] = await verify(['held'], { openTarget: hasty, settleTimeoutMs: 100 });
    expect(slow!.reason).toContain('allow more time with --statement-timeout');
  } finally {
    await pair.target.query('ROLLBACK');
  }
});

it('does not compare the rows that a policy lets through', async () => {
  await pair.target.query(`GRANT SELECT ON guarded TO master; ALTER TABLE guarded OWNER TO rdsadmin;
    ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; INSERT INTO guarded VALUES (1)`);
  const [guarded] = await verify(['guarded']);
  // Before 16 the lab's master user is a superuser, whom no policy holds.
  expect(guarded!.status).toBe(from(16) ? 'unsupported' : 'different');
  if (from(16)) expect(guarded!.reason).toContain('row-level security');
});

it('does not compare a database with itself', async () => {
  const openTarget = (): Promise<Session> => openSession(targetOf(pair.test, 'shop', 'target'));
  await expect(verify(['narrow'], { openTarget })).rejects.toMatchObject({ code: 'VERIFY_SAME_DATABASE' });
});

describe('giving way', () => givesWay(() => pair));
