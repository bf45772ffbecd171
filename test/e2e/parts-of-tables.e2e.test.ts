import { OperatorError } from '../../errors/operator-error';
import { openConnections } from '../../sql-runner/connections/open';
import { isEqual, verifyEnvironment, type Verification } from '../../sql-runner/actions/verify';
import { verifySummary, verdictText } from '../../sql-runner/render/verify-text';
import { styleFor } from '../../sql-runner/render/style';
import { carryOut, printedDeploy } from '../sql-runner/checks/printed-fix';
import { from } from '../support/postgres-major';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { quietIn } from './support/continuity-said';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { MovingWriters } from './support/moving-writers';
import { execute } from './support/provocations';

/**
 * A clone of which some tables are kept in part. What could be lied about: a row that was outside of the filter when the
 * clone was taken comes into it later, and meets its old self there; rows outside stay and are called equal; production
 * refuses a write. Judged by SQL of its own.
 */
const stage: ReturnType<typeof stagesInOrder> = from(15) ? stagesInOrder() : () => undefined;

describe('tables of which a part is replicated', () => {
  let world: DirectLab;
  let writers: MovingWriters;
  const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
  const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
  const named = (name: string) => ({ schema: 'public', name });
  const select = (where = `region = 'eu'`) =>
    world.select({
      kind: 'tables',
      tables: [{ ...named('places'), where }, { ...named('people'), columns: ['id', 'name'] }, named('whole')],
    });
  const verified = (): Promise<Verification> =>
    verifyEnvironment(openConnections, world.contracts, {
      databases: [],
      concurrency: 2,
      settleTimeoutMs: 20_000,
      statementTimeoutMs: 0,
      onVerdict: () => undefined,
    });
  const refusedBy = (work: Promise<unknown>): Promise<OperatorError> =>
    work.then(
      () => Promise.reject(new Error('nothing was refused')),
      (error: unknown) => (error instanceof OperatorError ? error : Promise.reject(error as Error)),
    );
  const codes = async () => (await world.plan()).findings.map(({ code }) => code);

  beforeAll(async () => {
    world = await DirectLab.start('parts-of-tables', { databases: ['shop'] });
    await onSource(
      'CREATE TABLE places (id bigint PRIMARY KEY, region text, note text)',
      `INSERT INTO places SELECT g, (ARRAY['eu', 'us', NULL])[g % 3 + 1], 'first' FROM generate_series(1, 600) g`,
      'CREATE TABLE people (id bigint PRIMARY KEY, name text NOT NULL, secret text, points integer NOT NULL DEFAULT 7)',
      `INSERT INTO people SELECT g, 'name ' || g, 'secret ' || g, g FROM generate_series(1, 50) g`,
      'CREATE TABLE whole (id bigint PRIMARY KEY, note text)',
      `INSERT INTO whole SELECT g, 'first' FROM generate_series(1, 50) g`,
    );
    select();
  });
  afterAll(() => world?.lab.down());

  test('a source before 15 is told to be too old for it', async () => {
    if (!from(15)) expect(await codes()).toContain('TABLE_PART_NOT_SUPPORTED');
  });

  stage('a filter by a column that identifies nothing is refused before anything is published', async () => {
    const plan = await world.plan();
    const found = plan.findings.filter(({ severity }) => severity === 'block');
    expect(found.map(({ code }) => code)).toEqual(['PART_NOT_IN_IDENTITY']);
    await onSource(`UPDATE places SET note = 'second' WHERE id = 1`);
    const client = await world.source('shop');
    await carryOut(found[0]!, client, 'PART_NOT_IN_IDENTITY');
    await client.end();
    expect(await codes()).toEqual([]);
  });

  stage('it is published in part, and production goes on while rows move into the filter and out of it', async () => {
    await world.run('apply');
    writers = new MovingWriters([await world.source('shop'), await world.source('shop')], 'places');
    await onSource(`INSERT INTO people VALUES (60, 'before', 'mine', 1)`);
    await world.deployTarget();
    // Rows that were outside when the clone was taken come into the filter before the stream begins.
    await onSource(`UPDATE people SET name = name || '!' WHERE id < 5`);
    const plan = await world.plan();
    const [subscription] = plan.changes.filter(({ id }) => id === 'target/shop/subscription/acas_demo_shop');
    expect(subscription!.preview).toContainEqual(
      `DELETE FROM ONLY "public"."places" WHERE ((region = 'eu'::text)) IS NOT TRUE;`,
    );
    await world.run('apply');
  });

  stage('each row that was outside comes in, and none stops the stream', async () => {
    await onSource(`UPDATE whole SET note = 'moved'`, `INSERT INTO people VALUES (61, 'after', 'mine', 1)`);
    await writers.stop();
    expect(writers.errors).toEqual([]);
    expect(writers.transactions).toBeGreaterThan(100);
    // A value that is stored apart, in a row that comes in without it being changed.
    await onSource(
      `INSERT INTO places SELECT 901, 'us', string_agg(md5(g::text), '') FROM generate_series(1, 2000) g`,
      `UPDATE places SET region = 'eu' WHERE id = 901`,
    );
    // All of them at once, those too that nobody touched since the clone was taken.
    await onSource(`UPDATE places SET region = 'eu', note = 'all' WHERE id % 2 = 0`);
    await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
    const rows = `SELECT id, region, note FROM places ORDER BY id`;
    const inside = await onSource(rows.replace('places', `places WHERE region = 'eu'`));
    expect(inside.length).toBeGreaterThan(300);
    expect(await onClone(rows)).toEqual(inside);
    expect(await onClone('SELECT * FROM whole ORDER BY id')).toEqual(await onSource('SELECT * FROM whole ORDER BY id'));
  });

  stage('columns that are not listed keep what they had, and have their default in new rows', async () => {
    expect(await onClone('SELECT id, name FROM people ORDER BY id')).toEqual(
      await onSource('SELECT id, name FROM people ORDER BY id'),
    );
    expect(await onClone('SELECT secret, points FROM people WHERE id IN (1, 61) ORDER BY id')).toEqual([
      { secret: 'secret 1', points: 1 },
      { secret: null, points: 7 },
    ]);
  });

  stage('verify compares the parts, and says that it is parts', async () => {
    const result = await verified();
    expect(isEqual(result)).toBe(true);
    expect(result.tables.map(({ name, part }) => [name, part])).toEqual([
      ['people', { columns: ['id', 'name'] }],
      ['places', { where: `(region = 'eu'::text)` }],
      ['whole', undefined],
    ]);
    const style = styleFor(process.stdout, true);
    expect(verifySummary(result, style, '')).toMatch(/3 of 3 tables equal, 2 of them only in part;/);
    expect(verifySummary(result, style, '')).toContain(
      'rows outside of row filters: public.places; columns that are not listed: public.people',
    );
    expect(verdictText(result.tables[1]!, style)).toContain(`of this table only: rows where (region = 'eu'::text)`);
    await quietIn(world);
  });

  stage('a row that the clone has outside of the filter is a difference, as one that lacks or is another', async () => {
    const [one] = await onClone('SELECT min(id) AS id FROM places');
    await onClone(
      `INSERT INTO places VALUES (-1, 'us', 'outside')`,
      `UPDATE places SET note = 'other' WHERE id = ${String(one!['id'])}`,
      `UPDATE people SET secret = 'written on the clone'`,
      `UPDATE people SET name = 'other' WHERE id = 7`,
    );
    const result = await verified();
    expect(isEqual(result)).toBe(false);
    expect(result.tables.map(({ name, status, differences }) => [name, status, differences.length])).toEqual([
      ['people', 'different', 1],
      ['places', 'different', 2],
      ['whole', 'equal', 0],
    ]);
  });

  stage('what would need the whole table is refused, with the way on', async () => {
    const again = await refusedBy(world.run('resync', { tables: { names: ['public.places'], database: null } }));
    expect(again.seen).toMatch(/places .* is not copied anew: only a part of it is replicated/);
    const rows = { tables: [{ ...named('people'), database: 'shop', keys: [{ id: '7' }], more: false }] };
    const mended = await refusedBy(world.run('repair', { rows }));
    expect([mended.code, mended.next]).toEqual([
      'ROWS_NOT_MENDABLE',
      expect.stringMatching(/^make a new clone: sql-runner reset demo/),
    ]);
    select(`region = 'us'`);
    const moved = await world.plan();
    expect(moved.changes).toEqual([]);
    expect(moved.findings.map(({ code }) => code)).toEqual(['TABLE_PART_CHANGED']);
    expect(printedDeploy(moved.findings[0]!, 'TABLE_PART_CHANGED')).toBe(world.contract.stacks.source);
    // As that deploy does, with the environment file as it was.
    select();
    expect(await codes()).not.toContain('TABLE_PART_CHANGED');
  });

  stage(
    'an identity that has the filter and no more loses long values without a word of the server: it is told',
    async () => {
      await onSource(
        `UPDATE places SET region = 'us' WHERE region IS NULL`,
        'ALTER TABLE places ALTER region SET NOT NULL',
        'CREATE UNIQUE INDEX places_by ON places (id, region)',
        'ALTER TABLE places REPLICA IDENTITY USING INDEX places_by',
      );
      const { findings } = await world.plan();
      const lost = findings.find(({ code }) => code === 'ROW_FILTER_LOSES_VALUES');
      expect(lost).toMatchObject({ severity: 'warn', seen: expect.stringContaining('long values of note') });
      const client = await world.source('shop');
      await carryOut(lost!, client, 'ROW_FILTER_LOSES_VALUES');
      await client.end();
      expect(await codes()).not.toContain('ROW_FILTER_LOSES_VALUES');
      await onSource('DROP INDEX places_by', 'ALTER TABLE places ALTER region DROP NOT NULL');
    },
  );

  stage('a filter that somebody takes away on the source is told, and nothing is called in sync', async () => {
    await onSource(
      `ALTER PUBLICATION acas_demo_shop SET TABLE ONLY places, ONLY people (id, name), ONLY whole, acas_demo_shop.acas_heartbeat`,
    );
    const plan = await world.plan();
    const [altered] = plan.findings.filter(({ code }) => code === 'PUBLICATION_ALTERED');
    expect(altered!.seen).toMatch(/of public\.places it sends all rows, not those where region = 'eu'/);
    expect(isEqual(await verified())).toBe(false);
  });

  stage('an identity that a migration takes away is told with what ends it at once', async () => {
    await onSource('ALTER TABLE people DROP CONSTRAINT people_pkey CASCADE');
    await expect(onSource('DELETE FROM people WHERE id = 1')).rejects.toThrow(/cannot delete from table "people"/);
    const [told] = (await world.plan()).findings.filter(({ code }) => code === 'SOURCE_REFUSES_WRITES');
    expect(told!.next).toContain('ALTER PUBLICATION "acas_demo_shop" DROP TABLE ONLY "public"."people";');
    const client = await world.source('shop');
    await carryOut(told!, client, 'SOURCE_REFUSES_WRITES');
    await client.end();
    await onSource('DELETE FROM people WHERE id = 1');
    // It goes on for the other one by its whole rows, until somebody has another idea.
    await onSource('ALTER TABLE places REPLICA IDENTITY DEFAULT', `UPDATE places SET note = 'last' WHERE id = 2`);
  });
});
