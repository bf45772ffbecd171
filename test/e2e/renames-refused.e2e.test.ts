import type { OperatorError } from '../../errors/operator-error';
import { printedRun } from '../sql-runner/checks/printed-fix';
import { quietIn, saysEqual } from './support/continuity-said';
import { stagesInOrder } from './support/in-order';
import { filled, made, NewTableWorld } from './support/new-table-world';
import { plannedRenames, RENAMED } from './support/planned-renames';

/** Renames that cannot be carried out, or not yet: nothing is renamed, it is told, and what is told heals. */

const stage = stagesInOrder();
let world: NewTableWorld;
const TABLES = ['taken', 'one', 'other', 'mixed', 'calm'];

beforeAll(async () => {
  world = await NewTableWorld.start('renames-refused', ...TABLES.flatMap((table) => [made(table), filled(table)]));
});
afterAll(() => world?.lab.lab.down());

const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as OperatorError,
  );

stage('what has the name on the clone already stops it, and nothing of the stream is renamed by halves', async () => {
  await world.onClone('CREATE VIEW was_taken AS SELECT 1 AS one', 'CREATE SEQUENCE "other side".taken_pkey');
  await world.onSource('ALTER TABLE taken RENAME TO was_taken');
  expect(await plannedRenames(world)).toMatchObject({ changes: [], told: ['TABLE_RENAMED'] });
  await world.onClone('DROP VIEW was_taken');
  // That of its key shows only when it is moved.
  await world.onSource('ALTER TABLE was_taken RENAME TO taken', 'ALTER TABLE taken SET SCHEMA "other side"');
  const error = await errorOf(world.lab.run('apply'));
  expect(error?.code).toBe('RENAME_NOT_FOLLOWED');
  expect(await world.onClone(`SELECT to_regclass('taken')::text AS name`)).toEqual([{ name: 'taken' }]);
  await world.onClone('DROP SEQUENCE "other side".taken_pkey');
  expect(await world.lab.follow(printedRun(error!, 'RENAME_NOT_FOLLOWED'))).toBe('applied');
  expect(await world.same('"other side".taken')).toBe(60);
  await quietIn(world.lab);
});

stage('a transaction with changes under both names: it is said, left out, and its table copied anew', async () => {
  await world.onSource(
    [
      'BEGIN',
      `UPDATE mixed SET note = 'before' WHERE id = 1`,
      'ALTER TABLE mixed RENAME TO blended',
      `UPDATE blended SET note = 'after' WHERE id = 2`,
      'COMMIT',
    ].join(';'),
  );
  const error = await errorOf(world.lab.run('apply'));
  expect([error?.code, error?.seen]).toEqual([
    'RENAME_NOT_FOLLOWED',
    expect.stringContaining('public.mixed or public.blended'),
  ]);
  expect(await world.lab.follow(printedRun(error!, 'RENAME_NOT_FOLLOWED'))).toBe('applied');
  expect((await errorOf(world.lab.run('apply')))?.code).toBe('STREAM_BROKEN');
  expect(await saysEqual(world.lab)).toBe(false);
  const tables = { names: ['public.blended'], database: null };
  expect(await world.lab.run('resync', { tables })).toBe('applied');
  await world.applied();
  expect(await world.same('blended')).toBe(60);
  await quietIn(world.lab);
});

stage('tables that exchange their names, and one that takes the name of another, are left to a new clone', async () => {
  const exchange = (one: string, other: string) => [
    ['BEGIN', `ALTER TABLE ${one} RENAME TO aside`, `ALTER TABLE ${other} RENAME TO ${one}`].join(';'),
    `ALTER TABLE aside RENAME TO ${other}`,
    'COMMIT',
  ];
  await world.onSource(exchange('one', 'other').join(';'), 'ALTER TABLE calm RENAME TO silent');
  const swapped = await plannedRenames(world);
  expect([swapped.changes, [...new Set(swapped.told)].sort()]).toEqual([[], ['TABLE_RENAMED', 'TABLE_SWAPPED']]);
  await world.onSource(exchange('one', 'other').join(';'));
  expect((await plannedRenames(world)).changes).toEqual(RENAMED);
  await world.applied();
  await quietIn(world.lab);
  await world.onSource('ALTER TABLE other RENAME TO last', 'ALTER TABLE one RENAME TO other');
  const chained = await plannedRenames(world);
  expect(chained.changes).not.toContain(RENAMED[0]);
  expect(chained.told).toContain('TABLE_SWAPPED');
  expect(await saysEqual(world.lab)).toBe(false);
});
