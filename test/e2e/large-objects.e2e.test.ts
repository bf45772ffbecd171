import { join } from 'node:path';
import type { Client } from 'pg';
import { createColors } from 'picocolors';
import { connectBy } from '../../lab/connections';
import { makePlan, run, type RunOptions } from '../../sql-runner/actions/run';
import type { EngineEvent } from '../../sql-runner/model/events';
import { AS_THEY_ARE, type LargeObjectsWanted } from '../../sql-runner/model/large-objects';
import { compareLsn } from '../../sql-runner/postgres/text/lsn';
import { runText } from '../../sql-runner/render/run-text';
import { runLine } from '../../sql-runner/render/schemas/run';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { CliProcesses } from './support/cli-process';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { execute } from './support/provocations';
import { one } from './support/sequences';

/** Rows follow by replication, and the large objects that they refer to by a command. */

const stage = stagesInOrder();
let world: DirectLab;
let there: Client;
let here: Client;
let admins: Readonly<Record<'source' | 'clone', Client>>;

beforeAll(async () => {
  world = await DirectLab.start('large-objects', { databases: ['shop'] });
  await execute(await world.source('shop'), [
    'CREATE TABLE documents (id bigserial PRIMARY KEY, object oid NOT NULL)',
    `INSERT INTO documents (object) SELECT lo_from_bytea(0, convert_to('first ' || i, 'UTF8')) FROM generate_series(1, 5) i`,
  ]);
  await world.run('apply');
  await world.deployTarget();
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_NOT_FOLLOWED');
  await world.run('apply');
  [there, here] = [await world.source('shop'), await world.clone('shop')];
  admins = {
    source: await connectBy((database) => world.lab.adminConnection('source', database))('shop'),
    clone: await connectBy((database) => world.lab.adminConnection('clone', database))('shop'),
  };
});
afterAll(async () => {
  for (const client of [there, here, ...Object.values(admins ?? {})]) await client?.end();
  await world?.lab.down();
});

const plan = (wanted: Partial<LargeObjectsWanted> = {}) =>
  makePlan(world.open, world.contracts, 'large-objects', { largeObjects: { ...AS_THEY_ARE, ...wanted } });
const copy = (wanted: Partial<LargeObjectsWanted> = {}, more: Partial<RunOptions> = {}) =>
  run(world.open, world.contracts, approved('large-objects', { largeObjects: { ...AS_THEY_ARE, ...wanted }, ...more }));

/** All that a side has, as a superuser reads it. */
const KEPT = `SELECT m.oid::text AS oid, md5(lo_get(m.oid)) AS digest, pg_get_userbyid(m.lomowner) AS owner, 
    (SELECT array_agg(a::text ORDER BY a::text COLLATE "C") FROM unnest(m.lomacl) a) AS grants, obj_description(m.oid, 'pg_largeobject') AS comment FROM pg_largeobject_metadata m ORDER BY m.oid`;
const kept = async (side: 'source' | 'clone') => (await admins[side].query<object>(KEPT)).rows;
const expectAlike = async () => expect(await kept('clone')).toEqual(await kept('source'));

stage('what doctor says of large objects is what brings those of new rows', async () => {
  await there.query(`INSERT INTO documents (object) SELECT lo_from_bytea(0, 'later')`);
  await there.query(`SELECT lo_put(object, 0, 'changed') FROM documents WHERE id = 1`);
  const { results } = await diagnosisOf(world);
  const found = one({ findings: results.flatMap(({ findings }) => findings) }, 'LARGE_OBJECTS_NOT_REPLICATED');
  const seen = one(await plan(), 'LARGE_OBJECTS_COMPARED').seen;
  expect(seen).toMatch(
    /production has 6 large objects .* 4 of 6 are equal, 1 missing on the clone, 1 different; 0 are on/,
  );
  expect(await world.follow(printedRun(found, 'LARGE_OBJECTS_NOT_REPLICATED'))).toBe('applied');
  await expectAlike();
  expect(await copy()).toBe('nothing-to-do');
});

stage('rows that are there before the position it says find their objects, while writers write', async () => {
  let done = false;
  const committed: { object: string; at: string }[] = [];
  // What is copied has an end, however slow the machine is.
  let most = 0;
  const writer = await world.source('shop');
  const writing = (async () => {
    while (!done) {
      if (committed.length >= most) {
        await writer.query('SELECT');
        continue;
      }
      const { rows } = await writer.query<{ object: string }>(
        `INSERT INTO documents (object) SELECT lo_from_bytea(0, convert_to(repeat('x', 50000), 'UTF8')) RETURNING object::text`,
      );
      const { rows: after } = await writer.query<{ at: string }>('SELECT pg_current_wal_lsn()::text AS at');
      committed.push({ object: rows[0]!.object, at: after[0]!.at });
    }
  })();
  try {
    for (let time = 0; time < 2; time += 1) {
      const before = committed.length;
      most = before + 200;
      await eventually(() => Promise.resolve(committed.length > before + 20));
      const events: EngineEvent[] = [];
      expect(await copy({}, { listener: (event) => events.push(event) })).toBe('applied');
      const said = events.find((event) => event.type === 'large-objects-copied')!;
      expect(said.equal).toBe(said.objects);
      const held = new Set((await kept('clone')).map((row) => (row as { oid: string }).oid));
      const due = committed.filter(({ at }) => compareLsn(at, said.position) <= 0);
      expect(due.length).toBeGreaterThan(before);
      expect(due.filter(({ object }) => !held.has(object))).toEqual([]);
      const lines: string[] = [];
      events.forEach(runText((line) => lines.push(line), createColors(false)));
      expect(lines.join('\n')).toMatch(
        /large objects in shop: as of position \w+\/\w+ (\d+) of \1 are equal; \d+ copied/,
      );
    }
  } finally {
    done = true;
    await writing;
    await writer.end();
  }
  await copy();
  await expectAlike();
});

stage('what it may not read or write it says, and heals by what it prints', async () => {
  for (const side of ['source', 'clone'] as const) await admins[side].query('CREATE ROLE keeper; CREATE ROLE other');
  await admins.source.query(
    `SELECT lo_from_bytea(990001, 'kept'); ALTER LARGE OBJECT 990001 OWNER TO keeper; GRANT SELECT ON LARGE OBJECT 990001 TO other`,
  );
  await admins.source.query(`COMMENT ON LARGE OBJECT 990001 IS 'of keeper'`);
  const unread = one(await plan(), 'LARGE_OBJECTS_UNREAD');
  expect(printedRun(unread, 'LARGE_OBJECTS_UNREAD')).toEqual(['large-objects', 'demo']);
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_UNREAD');
  await carryOut(unread, admins.source, 'LARGE_OBJECTS_UNREAD');
  const notGiven = one(await plan(), 'LARGE_OBJECTS_NOT_GIVEN');
  expect(printedRun(notGiven, 'LARGE_OBJECTS_NOT_GIVEN')).toEqual(['large-objects', 'demo']);
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_NOT_GIVEN');
  expect((await admins.clone.query<object>(`SELECT convert_from(lo_get(990001), 'UTF8') AS text`)).rows).toEqual([
    { text: 'kept' },
  ]);
  await carryOut(notGiven, admins.clone, 'LARGE_OBJECTS_NOT_GIVEN');
  expect(await copy()).toBe('applied');
  await expectAlike();
  await admins.clone.query('ALTER LARGE OBJECT 990001 OWNER TO other');
  const unreadHere = one(await plan(), 'LARGE_OBJECTS_UNREAD');
  expect(printedRun(unreadHere, 'LARGE_OBJECTS_UNREAD')).toEqual(['large-objects', 'demo']);
  await carryOut(unreadHere, admins.clone, 'LARGE_OBJECTS_UNREAD');
  const notOwned = one(await plan(), 'LARGE_OBJECTS_NOT_OWNED');
  expect(printedRun(notOwned, 'LARGE_OBJECTS_NOT_OWNED')).toEqual(['large-objects', 'demo']);
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_NOT_OWNED');
  await carryOut(notOwned, admins.clone, 'LARGE_OBJECTS_NOT_OWNED');
  const written = one(await plan(), 'LARGE_OBJECTS_WRITTEN_HERE');
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_WRITTEN_HERE');
  expect(await world.follow(printedRun(written, 'LARGE_OBJECTS_WRITTEN_HERE'))).toBe('applied');
  await expectAlike();
  await admins.source.query('CREATE ROLE fresh; GRANT UPDATE ON LARGE OBJECT 990001 TO fresh');
  const missing = one(await plan(), 'LARGE_OBJECTS_ROLES_MISSING');
  expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_ROLES_MISSING');
  await admins.clone.query('CREATE ROLE fresh');
  expect(await world.follow(printedRun(missing, 'LARGE_OBJECTS_ROLES_MISSING'))).toBe('applied');
  await expectAlike();
});

stage(
  'of one number that both sides have handed out the one of the clone is kept, until somebody consents',
  async () => {
    await there.query(`SELECT lo_from_bytea(880001, 'there')`);
    await here.query(`SELECT lo_from_bytea(880001, 'here!'), lo_from_bytea(880002, 'alone')`);
    const planned = await plan();
    const [written, alone] = [one(planned, 'LARGE_OBJECTS_WRITTEN_HERE'), one(planned, 'LARGE_OBJECTS_ALONE')];
    expect(await refusalOf(copy())).toBe('LARGE_OBJECTS_WRITTEN_HERE');
    expect((await here.query<object>(`SELECT convert_from(lo_get(880001), 'UTF8') AS text`)).rows).toEqual([
      { text: 'here!' },
    ]);
    expect(await world.follow(printedRun(written, 'LARGE_OBJECTS_WRITTEN_HERE'))).toBe('applied');
    expect(await world.follow(printedRun(alone, 'LARGE_OBJECTS_ALONE'))).toBe('applied');
    await expectAlike();
  },
);

stage('as a process, for a scheduler: its lines, its exit codes, killed in the middle', async () => {
  const cli = new CliProcesses(world);
  expect((await cli.run('plan', '--large-objects', '--detailed-exitcode')).exitCode).toBe(0);
  await there.query(
    `SELECT lo_from_bytea(770000 + i, convert_to(repeat(md5(i::text), 250000), 'UTF8')) FROM generate_series(1, 8) i`,
  );
  expect((await cli.run('plan', '--large-objects', '--detailed-exitcode')).exitCode).toBe(2);
  await cli.runUntilKilled('large-objects', ['--auto-approve'], () =>
    eventually(
      async () =>
        (await here.query('SELECT FROM pg_largeobject_metadata WHERE oid > 770000 AND oid < 780000')).rows.length > 0,
    ),
  );
  const { exitCode, stdout } = await cli.run('large-objects', '--auto-approve');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => runLine.parse(JSON.parse(line)));
  expect(exitCode).toBe(0);
  const said = lines.find(({ type }) => type === 'large-objects-copied')!;
  expect(said).toMatchObject({ database: 'shop', left: 0 });
  expect(lines.at(-1)).toMatchObject({ type: 'outcome', outcome: 'applied' });
  await expectAlike();
  await there.query(`SELECT lo_put(770001, 0, 'saved')`);
  const file = join(world.lab.directory, 'large-objects.plan.json');
  expect((await cli.run('plan', '--large-objects', '--out', file)).exitCode).toBe(0);
  const busy = await world.clone('shop');
  await busy.query(`BEGIN; SELECT lo_put(770001, 0, 'busy!')`);
  expect((await cli.run('large-objects', '--auto-approve')).exitCode).toBe(1);
  await busy.query('ROLLBACK');
  await busy.end();
  expect((await cli.run('large-objects', '--auto-approve', '--prune', '--overwrite')).exitCode).toBe(0);
  await expectAlike();
  expect((await cli.run('large-objects', '--database', 'nowhere', '--auto-approve')).exitCode).toBe(1);
});

stage('a teardown takes along what it keeps on the clone', async () => {
  await world.run('teardown');
  expect((await here.query(`SELECT FROM pg_namespace WHERE nspname LIKE 'acas_history%'`)).rows).toEqual([]);
});
