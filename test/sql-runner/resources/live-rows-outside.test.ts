import { deleteRowsOutside } from '../../../sql-runner/resources/rows-outside';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import { publicationFacts } from '../../../sql-runner/observe/observe-database';
import { eventually } from '../../support/eventually';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { startReplicatedPair, SUBSCRIPTION, type ReplicatedPair } from '../verify/replicated-pair';

/**
 * Why rows outside of a filter have to go before a stream begins, shown by PostgreSQL alone: both sides have the same rows,
 * as a clone of the storage has them.
 */
let pair: ReplicatedPair;

beforeAll(async () => {
  pair = await startReplicatedPair(
    `CREATE TABLE t (id int PRIMARY KEY, region text, note text);
     ALTER TABLE t REPLICA IDENTITY FULL;
     CREATE TABLE written (id int PRIMARY KEY);
     INSERT INTO t SELECT g, CASE WHEN g % 2 = 0 THEN 'eu' ELSE 'us' END, 'first' FROM generate_series(1, 20) g`,
  );
  // Of what the clone does of its own.
  await pair.target.query(`
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO written VALUES (OLD.id); RETURN OLD; END';
    CREATE TRIGGER noted AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION note()`);
});
afterAll(() => pair?.test.stop());

const ofSource = async () => (await pair.source.query(`SELECT * FROM t WHERE region = 'eu' ORDER BY id`)).rows;
const ofTarget = async () => (await pair.target.query('SELECT * FROM t ORDER BY id')).rows;
const failures = async (): Promise<number> =>
  Number(
    (
      await pair.target.query(`SELECT apply_error_count AS n FROM pg_stat_subscription_stats WHERE subname = $1`, [
        SUBSCRIPTION,
      ])
    ).rows[0].n,
  );

test('a row that was outside stops the stream when it comes into the filter, until rows outside are gone', async () => {
  const { source, target, test: cluster } = pair;
  if (!from(15)) return;
  await source.query(`ALTER PUBLICATION everything SET TABLE ONLY t WHERE (region = 'eu')`);
  const before = await failures();
  await source.query(`UPDATE t SET region = 'eu', note = 'came in' WHERE id = 3`);
  // It is sent as INSERT, and its own old row is in the way.
  await eventually(async () => (await failures()) > before);
  expect(await ofTarget()).toContainEqual({ id: 3, region: 'us', note: 'first' });

  // What sql-runner does before the stream begins mends it here too: by the filter as the server shows it.
  const session = await openSession(targetOf(cluster, 'shop'));
  const [sent] = (await publications(session)).filter(({ name }) => name === 'everything');
  await session.close();
  const statements = deleteRowsOutside(publicationFacts(sent!));
  expect(statements.map(({ text }) => text)).toContain(
    `DELETE FROM ONLY "public"."t" WHERE ((region = 'eu'::text)) IS NOT TRUE`,
  );
  await target.query('SET session_replication_role = origin');
  await target.query('BEGIN');
  for (const { text } of statements) await target.query(text);
  await target.query('COMMIT');
  // No trigger of the clone has fired by that.
  expect((await target.query('SELECT * FROM written')).rows).toEqual([]);
  await source.query(`UPDATE t SET region = CASE region WHEN 'eu' THEN 'us' ELSE 'eu' END, note = 'exchanged'`);
  await eventually(async () => JSON.stringify(await ofTarget()) === JSON.stringify(await ofSource()));
  expect((await ofSource()).length).toBeGreaterThan(5);
});

test('nothing is deleted where no table has a filter', () => {
  expect(deleteRowsOutside({ tables: [{ schema: 'public', name: 't', columns: ['id'] }] })).toEqual([]);
});
