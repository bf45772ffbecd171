import { wayOut } from '../../../sql-runner/checks/stream-ways-out';
import { streamsOf } from '../../../sql-runner/model/streams';
import { isDeletableByKey } from '../../../sql-runner/postgres/catalog/apply-workers';
import type { Session } from '../../../sql-runner/postgres/session';
import { from } from '../../support/postgres-major';
import { LoggedPair } from '../support/logged-pair';
import { ROWS_OF_APPLY } from './log-rows-of-apply';
import { ROWS_OF_CONNECTION } from './log-rows-of-connection';

/**
 * What real servers write when a stream stops, read back: each cause is brought about, told of the right kind with the
 * names that matter, and healed, by the printed statement where there is one.
 */
const TRIGGER = (event: string) =>
  `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'; CREATE TRIGGER t BEFORE ${event} ON known FOR EACH ROW EXECUTE FUNCTION f()`;
let pair: LoggedPair;
beforeAll(async () => {
  pair = await LoggedPair.start(
    `CREATE TABLE orders (id bigint PRIMARY KEY, note text, "E mail" text UNIQUE);
     CREATE TABLE pairs (a int, b text, PRIMARY KEY (a, b));
     CREATE TABLE known (id int PRIMARY KEY, v text); INSERT INTO known VALUES (1, 'a');`,
  );
});
afterAll(() => pair?.world.stop());

test.each([...ROWS_OF_APPLY, ...ROWS_OF_CONNECTION])('$kind: $what', async ({ kind, bringAbout, told, heal }) => {
  const { world } = pair;
  const since = world.log().length;
  await bringAbout(pair);
  const cause = await pair.causeSince(since, kind);
  const way = wayOut(cause, world.contract, streamsOf(world.contract)[0]!);
  if (heal !== undefined) await heal(pair);
  else await world.clone.query(way!.sql!);
  // A stream that goes on has what comes next.
  await pair.write();
  await world.arrives(`SELECT id::int FROM orders WHERE id = ${pair.id}`, [[pair.id]]);
  expect(cause).toMatchObject({ kind, among: [], ...told });
  if (from(15) && kind === 'conflict') expect(cause.finishLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
});

test.each([
  ['its primary key', 'SELECT 1', 'known_pkey', true],
  ['another key', 'ALTER TABLE known ADD UNIQUE (v)', 'known_v_key', false],
  ['a table that others refer to', 'CREATE TABLE child (k int REFERENCES known)', 'known_pkey', true],
  [
    'one whose rows take others along',
    'CREATE TABLE child (k int REFERENCES known ON DELETE CASCADE)',
    'known_pkey',
    false,
  ],
  [
    'one whose rows alter others',
    'CREATE TABLE child (k int REFERENCES known ON DELETE SET NULL)',
    'known_pkey',
    false,
  ],
  ['one with a trigger', `${TRIGGER('DELETE')}`, 'known_pkey', false],
  ['one with a trigger of other changes', `${TRIGGER('UPDATE')}`, 'known_pkey', true],
  ['one with a rule', 'CREATE RULE r AS ON DELETE TO known DO ALSO NOTIFY gone', 'known_pkey', false],
])('a row may be deleted for certain by %s: looked up on the server', async (_, ddl, constraint, deletable) => {
  const client = pair.world.cloneAdmin;
  await client.query('BEGIN');
  try {
    await client.query(ddl);
    const session = { query: async (sql: string, values: unknown[]) => (await client.query(sql, values)).rows };
    const table = { schema: 'public', name: 'known' };
    expect(await isDeletableByKey(session as unknown as Session, table, constraint)).toBe(deletable);
  } finally {
    await client.query('ROLLBACK');
  }
});
