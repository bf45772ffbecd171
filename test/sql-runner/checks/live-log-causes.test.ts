import { wayOut } from '../../../sql-runner/checks/stream-ways-out';
import { streamsOf } from '../../../sql-runner/model/streams';
import { from } from '../../support/postgres-major';
import { LoggedPair } from '../support/logged-pair';
import { ROWS_OF_APPLY } from './log-rows-of-apply';
import { ROWS_OF_CONNECTION } from './log-rows-of-connection';

/**
 * What real servers write when a stream stops, read back: each cause is brought about, told of the right kind with the
 * names that matter, and healed, by the printed statement where there is one.
 */
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
