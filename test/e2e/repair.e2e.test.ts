import { createColors } from 'picocolors';
import { OperatorError } from '../../errors/operator-error';
import { makePlan } from '../../sql-runner/actions/run';
import { isFollowing } from '../../sql-runner/actions/status';
import type { RowsWanted } from '../../sql-runner/model/repair';
import { planText } from '../../sql-runner/render/plan-text';
import { applyOf, IN_SYNC, saysEqual } from './support/continuity-said';
import { refusalOf } from './support/direct-lab';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { statusOf } from './support/looks';
import { expectUnharmed, type NewTableWorld } from './support/new-table-world';
import { COMPARED, damage, namedBy, repairWorld, rowsOf, verified } from './support/repair-world';
import type { TableWriters } from './support/table-writers';

/**
 * Rows that verify has found to differ are mended while writers write to their table. What the clone has then is judged
 * by the texts of all rows of both sides, which shares nothing with what compares in sql-runner.
 * Killed at every statement: npm run test:mend.
 */

const EVERYWHERE = Number(process.env.ROUNDS ?? 1) > 1;
const stage = stagesInOrder();
let world: NewTableWorld;
let writers: TableWriters;

beforeAll(async () => {
  world = await repairWorld();
  writers = await world.writersOf('busy');
});
afterAll(async () => {
  await writers?.stop().catch(() => undefined);
  await world?.lab.lab.down();
});

const plan = (rows: RowsWanted) => makePlan(world.lab.open, world.lab.contracts, 'repair', { rows });
const repair = (rows: RowsWanted) => world.lab.run('repair', { rows });
const refused = async (rows: RowsWanted): Promise<OperatorError> => {
  const error = await repair(rows).then(
    (outcome) => new Error(`it ended: ${outcome}`),
    (cause: unknown) => cause,
  );
  if (error instanceof OperatorError) return error;
  throw error;
};
const hot = Array.from({ length: 20 }, (_, index) => index + 1);
const steady = COMPARED.filter((table) => table !== 'busy');
const versions = (table: string) => world.onClone(`SELECT id, xmin::text FROM ${table} ORDER BY id`);
const namesOf = ({ tables }: RowsWanted) =>
  tables.flatMap(({ name, keys }) => keys.map((key) => JSON.stringify([name, key]))).sort();
const locks = () =>
  world.onClone(
    `SELECT count(*)::int AS held FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND relation IS NOT NULL`,
  );

stage('rows of many kinds of keys are mended under writers, and others are left as they were', async () => {
  await damage(world);
  const rows = namedBy(await verified(world));
  expect(rows.tables.map(({ name }) => name).sort()).toEqual(
    ['busy', 'cases', 'indexed', 'kinds', 'odd "name"', 'parted', 'strict'].sort(),
  );
  const text = planText(await plan(rows), createColors(false));
  expect(text).toMatch(/public\.busy: 1 missing on the clone, 1 only on the clone, 1 different/);
  expect(text).toContain(`DELETE FROM ONLY "public"."busy" WHERE "id" = '-5';`);
  expect(text).not.toContain('otherwise');
  const before = await versions('children');
  expect(await repair(rows)).toBe('applied');
  expect(await world.same(...steady)).toBeGreaterThan(50);
  expect(await versions('children')).toEqual(before);
  expect(namedBy(await verified(world)).tables).toEqual([]);
  expect(isFollowing(await statusOf(world.lab))).toBe(true);
});

stage(
  'of a stream whose rows differ what is printed mends a partitioned table too, and apply finds all equal',
  async () => {
    await world.onClone(`SET session_replication_role = replica; UPDATE parted SET note = 'otherwise' WHERE id = 40`);
    await world.onClone('ALTER SUBSCRIPTION acas_demo_shop DISABLE');
    await world.onClone('ALTER SUBSCRIPTION acas_demo_shop ENABLE');
    const broken = await world.lab.run('apply').catch((error: unknown) => error as OperatorError);
    if (!(broken instanceof OperatorError)) throw new Error('nothing was found to differ');
    expect([broken.code, broken.next]).toEqual([
      'STREAM_BROKEN',
      expect.stringContaining('sql-runner repair demo --from FILE mends'),
    ]);
    expect(await repair(namedBy(await verified(world)))).toBe('applied');
    expect(await applyOf(world.lab)).toEqual(IN_SYNC);
    expect([await saysEqual(world.lab), await world.same('parted')]).toEqual([true, 9]);
  },
);

stage('a file that is old by then has nothing written that does not differ', async () => {
  await world.onClone(
    'SET session_replication_role = replica; DELETE FROM indexed WHERE id IN (1, 2, 3)',
    `UPDATE indexed SET note = 'otherwise' WHERE id IN (4, 5)`,
    `INSERT INTO indexed VALUES (50, 'of the clone'), (51, 'of the clone')`,
  );
  const rows = namedBy(await verified(world));
  // Of each kind one goes on the source, one comes there, one changes, one is mended by hand.
  await world.onSource(
    'DELETE FROM indexed WHERE id IN (1, 4)',
    `UPDATE indexed SET note = 'later' WHERE id IN (2, 5)`,
  );
  await world.onClone(`SET session_replication_role = replica; INSERT INTO indexed VALUES (3, 'first')`);
  await world.onClone('DELETE FROM indexed WHERE id = 50');
  await world.onSource(`INSERT INTO indexed VALUES (50, 'of the source')`);
  await world.caughtUp();
  expect((await plan(rows)).findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['ROWS_LEFT info']);
  expect(await repair(rows)).toBe('applied');
  expect(await world.same('indexed')).toBeGreaterThan(5);
  const before = await versions('indexed');
  expect(await repair(rows)).toBe('nothing-to-do');
  expect(await versions('indexed')).toEqual(before);
});

stage('whoever may have written to the table on the source is waited for before a row is judged', async () => {
  await world.onClone('SET session_replication_role = replica; DELETE FROM strict WHERE id = 6');
  const writer = await world.lab.source('shop');
  await writer.query('BEGIN; UPDATE strict SET tags = NULL WHERE id = 7');
  const error = await refused(rowsOf('strict', 6));
  await writer.query('ROLLBACK');
  await writer.end();
  expect([error.code, error.seen]).toEqual(['ROWS_NOT_MENDED', expect.stringContaining('public.strict on the source')]);
  expect(await repair(rowsOf('strict', 6))).toBe('applied');
  expect(await world.same('strict')).toBe(9);
});

stage('where the clone refuses one row none is mended, and what was not named is told', async () => {
  await world.onClone(
    'SET session_replication_role = replica; DELETE FROM strict WHERE id IN (5, 6)',
    'INSERT INTO strict (id, u) OVERRIDING SYSTEM VALUE VALUES (100, 5)',
  );
  const before = await versions('strict');
  const error = await refused(rowsOf('strict', 5, 6));
  expect(error.code).toBe('ROWS_NOT_MENDED');
  expect(error.seen).toContain('strict_u_key');
  expect([await versions('strict'), await locks()]).toEqual([before, [{ held: 0 }]]);
  const partly = await refused(rowsOf('strict', 6));
  expect(partly.code).toBe('ROWS_STILL_DIFFER');
  expect(await repair(rowsOf('strict', 5, 6, 100))).toBe('applied');
  expect(await world.same('strict')).toBe(9);
});

stage('what the printed command copies anew is equal then', async () => {
  await world.onClone(`SET session_replication_role = replica; DELETE FROM keyless WHERE id = 1`);
  await world.onClone('SET session_replication_role = replica; DELETE FROM indexed WHERE id = 6');
  const rows = namedBy(await verified(world));
  const error = await refused(rows);
  expect([error.code, error.seen]).toEqual(['ROWS_NOT_MENDABLE', expect.stringContaining('no primary key')]);
  // The other one was mended all the same.
  expect(await world.same('indexed')).toBeGreaterThan(5);
  expect(error.next).toContain('sql-runner resync demo public.keyless --database shop');
  expect(await world.lab.run('resync', { tables: { names: ['public.keyless'], database: 'shop' } })).toBe('applied');
  expect(await world.same('keyless')).toBe(9);
  await world.onClone('SET session_replication_role = replica; DELETE FROM indexed WHERE id IN (7, 8)');
  const left = await refused(rowsOf('indexed', 7));
  expect(left.code).toBe('ROWS_STILL_DIFFER');
  expect(left.next).toContain('sql-runner resync demo public.indexed --database shop');
  expect(await world.lab.run('resync', { tables: { names: ['public.indexed'], database: 'shop' } })).toBe('applied');
  expect(await world.same('indexed')).toBeGreaterThan(5);
});

stage('wherever it dies the stream goes on by itself, and all of its rows are mended or none', async () => {
  const seen: string[] = [];
  for (let n = EVERYWHERE ? 1 : 4; ; n += EVERYWHERE ? 1 : 5) {
    await world.onClone(
      'SET session_replication_role = replica; DELETE FROM kinds WHERE n < 3',
      `UPDATE kinds SET note = '[]' WHERE n > 8; DELETE FROM children WHERE id = 3`,
    );
    const rows = namedBy(await verified(world));
    const { at } = await runDying(world.lab, n, n % 2 === 0, 'repair', { rows });
    expect(await world.onClone('SELECT subenabled FROM pg_subscription')).toEqual([{ subenabled: true }]);
    await world.onSource(`INSERT INTO children VALUES (${1000 + n}, 1)`);
    await world.caughtUp();
    expect(await locks()).toEqual([{ held: 0 }]);
    expect(isFollowing(await statusOf(world.lab))).toBe(true);
    const left = namedBy(await verified(world));
    expect([namesOf(rows), []]).toContainEqual(namesOf(left));
    if (left.tables.length > 0) expect(await repair(left)).toBe('applied');
    expect(await world.same('kinds', 'children')).toBeGreaterThan(15);
    seen.push(at ?? '');
    if (at === null) break;
  }
  if (EVERYWHERE) expect(seen.join('\n')).toMatch(/LOCK TABLE[^]*DELETE FROM[^]*COMMIT/);
});

stage('of rows that writers change all the time none is called equal that is not', async () => {
  await world.onClone('SET session_replication_role = replica; DELETE FROM busy WHERE id <= 20 AND id % 3 = 1');
  // Some never stand still: then it is said that nothing is known of them.
  const code = await refusalOf(repair(rowsOf('busy', ...hot)));
  expect(['nothing was refused', 'ROWS_STILL_DIFFER', 'ROWS_MOVING']).toContain(code);
});

stage('production was not kept from anything, and every row is there once', async () => {
  await writers.stop();
  expectUnharmed(writers);
  // Those that never stood still.
  expect(['applied', 'nothing-to-do']).toContain(await repair(rowsOf('busy', ...hot)));
  expect(await world.same(...COMPARED)).toBeGreaterThan(120);
});
