import type { Client } from 'pg';
import { ddlCheck, type CheckedMigration } from '../../sql-runner/actions/ddl-check';
import { judgedOn } from '../../sql-runner/actions/judged-on';
import { lookAtSchemas } from '../../sql-runner/actions/schema';
import { stepsOf } from '../../sql-runner/migration/steps';
import { findDump } from '../../sql-runner/rehearsal/programs';
import { ddlCheckText } from '../../sql-runner/render/ddl-check-text';
import { styleFor } from '../../sql-runner/render/style';
import { ddlCheckJson } from '../../sql-runner/render/ddl-check-json';
import { differencesIn } from '../../sql-runner/render/schema-text';
import { postgresMajor } from '../support/postgres-major';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { StreamStands } from './support/stream-stands';
import { typedFrom } from './support/typed-from-text';

/** A migration is judged on what both sides of an environment have, and carried out as it is printed. */

const stage = stagesInOrder();
let world: DirectLab;
let there: Client;
let here: Client;
let stream: StreamStands;

beforeAll(async () => {
  world = await DirectLab.start('ddl-check', { databases: ['shop'] });
  const first = await world.source('shop');
  await run(
    first,
    'CREATE TABLE worn (id int PRIMARY KEY, size int, note text)',
    "INSERT INTO worn SELECT i, i % 40, 'worn ' || i FROM generate_series(1, 2000) i",
    'CREATE TABLE years (id int, y int, PRIMARY KEY (id, y)) PARTITION BY LIST (y)',
    'CREATE TABLE years_1 PARTITION OF years FOR VALUES IN (1) PARTITION BY LIST (id)',
    'CREATE TABLE years_1_1 PARTITION OF years_1 DEFAULT',
    'CREATE VIEW sizes AS SELECT note FROM worn',
  );
  await first.end();
  await world.run('apply');
  await world.deployTarget();
  await world.run('apply');
  // The first run has restarted it.
  there = await world.source('shop');
  here = await world.clone('shop');
  stream = new StreamStands(world, here);
});
afterAll(async () => {
  for (const client of [there, here]) await client?.end();
  await world?.lab.down();
});

const run = async (client: Client, ...statements: string[]) => {
  for (const statement of statements) await client.query(statement);
};
const on = (database?: string) => judgedOn(world.open, world.contracts, database, undefined);
const check = async (sql: string): Promise<CheckedMigration> =>
  ddlCheck({ files: [{ name: 'V42.sql', sql }], whole: false, on: await on(), bindir: undefined });
const verdicts = ({ judged }: CheckedMigration) => judged.map(({ verdict }) => [verdict.class, verdict.order]);

const hasDump = (): boolean => {
  try {
    return findDump(postgresMajor(), undefined) !== '';
  } catch {
    return false;
  }
};
/** The npm packages of servers have no pg_dump: without one for this major that is what is told. */
const whereDumped = (name: string, work: () => Promise<void>) =>
  stage(name, async () => {
    if (hasDump()) return work();
    expect(await refusalOf(on())).toBe('DDL_DUMP_MISSING');
  });

stage('a database that is not replicated, and an environment without a clone, are refused first', async () => {
  expect(await refusalOf(on('stock'))).toBe('DATABASE_UNKNOWN');
  expect(await refusalOf(judgedOn(world.open, { ...world.contracts, target: null }, undefined, undefined))).toBe(
    'TARGET_NOT_DEPLOYED',
  );
});

whereDumped('what is printed for both sides of it leaves the rows equal', async () => {
  await run(there, 'ANALYZE worn');
  const found = await check(
    'ALTER TABLE worn ADD COLUMN width int; ALTER TABLE worn ALTER COLUMN size TYPE bigint; CREATE INDEX ON worn (note)',
  );
  expect(verdicts(found)).toEqual([
    ['needs-order', 'clone-source'],
    ['needs-order', 'clone-source'],
    ['safe', 'source-clone'],
  ]);
  expect(found.leftOut).toEqual([]);
  expect(found.published).toEqual(expect.arrayContaining(['public.worn', 'public.years']));
  expect(found.published.filter((name) => /years_|acas|sizes/.test(name))).toEqual([]);
  const [rewritten] = ddlCheckJson(found).units[1]!.statements[0]!.rewrites;
  expect(rewritten!.table).toBe('public.worn');
  expect(rewritten!.walBytes).toBeGreaterThan(100_000);
  for (const { side, sql, after } of stepsOf(found.judged, found.target)!) {
    if (after === 'in-sync') await stream.caughtUp();
    await run(side === 'source' ? there : here, ...sql);
    await run(there, `UPDATE worn SET note = note || 'x' WHERE id % 10 = 3`);
  }
  await run(there, 'INSERT INTO worn VALUES (5000, 5000000000, $$new$$, 7)');
  await stream.caughtUp();
  const rows = 'SELECT md5(string_agg(w::text, $$|$$ ORDER BY id)) AS rows, count(*) FROM worn w';
  expect((await here.query(rows)).rows).toEqual((await there.query(rows)).rows);
});

whereDumped('a new partition comes to the clone as it is printed', async () => {
  const found = await check('CREATE TABLE years_2 PARTITION OF years FOR VALUES IN (2)');
  const steps = stepsOf(found.judged, found.target)!;
  expect(steps.map(({ side, command }) => command ?? side)).toEqual(['clone', 'source', 'sql-runner apply demo']);
  for (const { side, sql, command } of steps) {
    if (command !== null) await world.run('apply');
    else await run(side === 'source' ? there : here, ...sql);
    if (side === 'source') await run(there, 'INSERT INTO years VALUES (1, 2), (2, 2)');
  }
  await run(there, 'INSERT INTO years VALUES (3, 2)');
  await stream.caughtUp();
  expect((await here.query('SELECT id FROM years_2 ORDER BY 1')).rows).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
});

whereDumped('what is replicated in part, or could not be, is not judged, and the rest is', async () => {
  if (postgresMajor() < 15) return;
  const { publication } = world.contracts.source.links[0]!.streams[0]!;
  await run(there, `ALTER PUBLICATION ${publication} DROP TABLE worn`);
  await run(there, `ALTER PUBLICATION ${publication} ADD TABLE worn (id, note)`);
  const found = await check('ALTER TABLE worn REPLICA IDENTITY FULL; ALTER TABLE years ADD COLUMN more int');
  expect(verdicts(found)).toEqual([
    ['not-judged', null],
    ['needs-order', 'clone-source'],
  ]);
  expect(ddlCheckText(found, styleFor(process.stdout, true))).toContain('No order is told');
  await run(there, `ALTER PUBLICATION ${publication} DROP TABLE worn`);
  await run(there, `ALTER PUBLICATION ${publication} ADD TABLE worn`);
});

whereDumped('a difference that the stream does not feel is no obstacle', async () => {
  await run(here, 'CREATE INDEX of_the_clone ON worn (width)', 'CREATE VIEW for_reports AS SELECT 1 AS one');
  expect(verdicts(await check('ALTER TABLE worn ADD COLUMN height int'))).toEqual([['needs-order', 'clone-source']]);
});

whereDumped(
  'where both differ so that the clone does not follow, that is told, and what schema prints mends it',
  async () => {
    await run(here, 'ALTER TABLE worn DROP COLUMN width');
    await expect(check('ALTER TABLE worn ADD COLUMN depth int')).rejects.toMatchObject({
      code: 'DDL_SIDES_DIFFER',
      seen: expect.stringContaining('width'),
      next: expect.stringContaining('sql-runner schema'),
    });
    const differences = differencesIn(await lookAtSchemas(world.open, world.contracts, []));
    await typedFrom(
      differences.filter(({ object }) => object.includes('width')),
      here,
    );
    expect(verdicts(await check('ALTER TABLE worn ADD COLUMN depth int'))).toEqual([['needs-order', 'clone-source']]);
  },
);

whereDumped('a published table that the clone has not is told as that', async () => {
  await run(here, 'DROP TABLE years');
  await expect(check('CREATE INDEX ON worn (size)')).rejects.toMatchObject({
    code: 'DDL_SIDES_DIFFER',
    seen: expect.stringContaining('years'),
  });
});
