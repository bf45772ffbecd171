import { Client } from 'pg';
import { createColors } from 'picocolors';
import { makePlan, run } from '../../sql-runner/actions/run';
import type { Plan } from '../../sql-runner/model/plan';
import type { SequencesWanted } from '../../sql-runner/model/sequences';
import { statusText } from '../../sql-runner/render/status-text';
import { statusDocument } from '../../sql-runner/render/schemas/status';
import { FORMAT_VERSION } from '../../sql-runner/render/format-version';
import { openConnections } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { taken } from '../sql-runner/support/sequence-sides';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf, statusOf } from './support/looks';
import { execute } from './support/provocations';
import { expectNoneAgain, NAMES, one, SETUP } from './support/sequences';

/** Sequences are caught up while writers draw on them, and no value of production comes again on the clone. */

const stage = stagesInOrder();
let world: DirectLab;
/** Ends the writers of production. */
let stopWriters: (() => Promise<void>) | null = null;

beforeAll(async () => {
  world = await DirectLab.start('sequences', { databases: ['shop'] });
  await onSource(SETUP);
  await world.run('apply');
  const early = await plan();
  expect(early.findings.map(({ code }) => code)).toEqual(['SEQUENCES_NOT_FOLLOWED']);
  await world.deployTarget();
  expect(await refusalOf(sequences())).toBe('SEQUENCES_NOT_FOLLOWED');
  await world.run('apply');
});
afterAll(async () => {
  await stopWriters?.().catch(() => undefined);
  await world?.lab.down();
});

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const plan = (wanted: Partial<SequencesWanted> = {}): Promise<Plan> =>
  makePlan(world.open, world.contracts, 'sequences', { sequences: { headroom: 0, putBack: false, ...wanted } });
const sequences = (wanted: Partial<SequencesWanted> = {}, saved: Plan | null = null) =>
  run(
    world.open,
    world.contracts,
    approved('sequences', { saved, sequences: { headroom: 0, putBack: false, ...wanted } }),
  );
/** What a new session is given of each. */
async function values(side: 'source' | 'clone', count: number): Promise<Record<string, bigint[]>> {
  const client = await world[side]('shop');
  const found: Record<string, bigint[]> = {};
  for (const name of NAMES) found[name] = await taken(client, `public.${name}`, count);
  await client.end();
  return found;
}

/** Two that draw on the sequences of columns. @returns how many rows they have written by now */
function startWriters(): () => number {
  let [done, rows] = [false, 0];
  const writing = ['tickets (note)', 'letters (note)'].map(async (columns) => {
    const client = await world.source('shop');
    while (!done) {
      await client.query(`INSERT INTO ${columns} VALUES ('x')`);
      rows += 1;
    }
    await client.end();
  });
  stopWriters = async () => {
    done = true;
    await Promise.all(writing);
  };
  return () => rows;
}

/** As the superuser that nobody but the lab is. */
async function admin(side: 'source' | 'clone'): Promise<Client> {
  const client = new Client(world.lab.adminConnection(side, 'shop'));
  await client.connect();
  return client;
}
stage('what doctor says of sequences is what heals: none of production comes again', async () => {
  const there = await values('source', 30);
  const { results } = await diagnosisOf(world);
  const found = one({ findings: results.flatMap(({ findings }) => findings) }, 'SEQUENCES_NOT_REPLICATED');
  const behind = await statusOf(world);
  expect(behind.sequences).toMatchObject([{ database: 'shop', uncompared: 0 }]);
  expect(behind.sequences[0]!.behind).toBeGreaterThanOrEqual(NAMES.length);
  expect(statusText(behind, createColors(false))).toMatch(
    /\n {2}sequences \d+ of \d+ behind, public\.\w+ in shop most, by \d+:/,
  );
  expect(await world.follow(printedRun(found, 'SEQUENCES_NOT_REPLICATED'))).toBe('applied');
  const level = await statusOf(world);
  expect(level.sequences[0]).toMatchObject({ behind: 0, mostBehind: null });
  statusDocument.parse({ format_version: FORMAT_VERSION, ...level });
  expect(statusText(level, createColors(false))).toMatch(/\n {2}sequences none of \d+ behind\n/);
  expect(await sequences()).toBe('nothing-to-do');
  expectNoneAgain(there, await values('clone', 5));
});

stage(
  'with headroom, while writers draw on them; and a saved plan is carried out although positions have moved',
  async () => {
    const written = startWriters();
    const saved = await plan({ headroom: 50_000 });
    const before = await values('source', 3);
    expect(await sequences({ headroom: 50_000 }, saved)).toBe('applied');
    const after = await values('source', 20);
    const small = one(saved, 'SEQUENCES_WITHOUT_ROOM');
    expect(small.seen).toContain('public.small');
    const here = await values('clone', 50);
    expectNoneAgain(before, here);
    // Where there is room.
    expectNoneAgain({ ...after, small: [] }, here);
    await stopWriters!();
    stopWriters = null;
    expect(written()).toBeGreaterThan(50);
  },
);

stage('through the read-only fence, and while the streams are held', async () => {
  await execute(await world.clone('postgres'), ['ALTER DATABASE shop SET default_transaction_read_only = on']);
  const there = await values('source', 120);
  // By a session that is new: the fence is a setting of the database.
  const exact = approved('sequences', { sequences: { headroom: 0, putBack: true } });
  const fenced = run(openConnections, world.contracts, exact);
  expect(await fenced).toBe('applied');
  await execute(await world.clone('postgres'), ['ALTER DATABASE shop RESET default_transaction_read_only']);
  expectNoneAgain(there, await values('clone', 1));
  await world.run('hold');
  await values('source', 2);
  expect(await sequences()).toBe('applied');
  await world.run('resume');
});

stage('what is ahead is left, until it is put back as it is printed', async () => {
  await values('clone', 5);
  const ahead = one(await plan(), 'SEQUENCES_AHEAD');
  expect(ahead.seen).toMatch(/public\.bare by \d+/);
  const [verb, , ...options] = printedRun(ahead, 'SEQUENCES_AHEAD');
  expect([verb, options]).toEqual(['sequences', ['--put-back']]);
  expect(await sequences({ putBack: true })).toBe('applied');
  expect((await plan()).findings.map(({ code }) => code)).not.toContain('SEQUENCES_AHEAD');
  expect((await statusOf(world)).sequences[0]).toMatchObject({ behind: 0 });
});

stage('unlogged ones are left out with a word, those that begin anew are told of', async () => {
  const found = await plan();
  expect(one(found, 'SEQUENCES_LEFT_OUT').seen).toContain('unlogged: public.fleeting_id_seq');
  expect(one(found, 'SEQUENCES_REPEAT').seen).toContain('public.around');
});

stage('one that is on a side alone is told, and one that a session of the clone may have values of', async () => {
  await onSource('CREATE SEQUENCE lonely');
  expect(one(await plan(), 'SEQUENCES_ON_ONE_SIDE').seen).toContain('1 on the source alone (public.lonely)');
  await onSource('DROP SEQUENCE lonely');
  const user = await world.clone('shop');
  await user.query(`SELECT nextval('downwards')`);
  const cached = one(await plan(), 'SEQUENCES_CACHED');
  expect(cached.seen).toContain('public.downwards');
  expect(cached.next).toContain('end it, or have it run DISCARD SEQUENCES');
  await user.end();
  await eventually(async () => !(await plan()).findings.some(({ code }) => code === 'SEQUENCES_CACHED'));
  expect(await sequences({ putBack: true })).toBe('applied');
});

stage('what is made otherwise is told with the statements that heal, and heals', async () => {
  await values('source', 4);
  await onSource('ALTER SEQUENCE small MAXVALUE 300 CACHE 2', "SELECT setval('small', 250)");
  await onSource('ALTER SEQUENCE bare INCREMENT -1 MINVALUE -1000', 'ALTER SEQUENCE bare OWNED BY tickets.note');
  const found = await plan();
  const blocking = found.findings.filter(({ code, severity }) => code === 'SEQUENCES_DIFFER' && severity === 'block');
  expect(blocking).toHaveLength(1);
  expect(blocking[0]!.seen).toMatch(/public\.bare \(.*increment 1, not -1.*\), public\.small \(/);
  expect(await refusalOf(sequences())).toBe('SEQUENCES_DIFFER');
  const clone = await world.clone('shop');
  await carryOut(blocking[0]!, clone, 'SEQUENCES_DIFFER');
  await clone.end();
  expect(printedRun(blocking[0]!, 'SEQUENCES_DIFFER')).toEqual(['sequences', 'demo']);
  await sequences();
  expect((await plan()).findings.map(({ code }) => code)).not.toContain('SEQUENCES_DIFFER');
  expect((await statusOf(world)).sequences[0]).toMatchObject({ behind: 0, uncompared: 0 });
});

stage(
  'where the column is an identity on one side alone the rest of the sequence is made alike as printed',
  async () => {
    await onSource('CREATE TABLE odd (id serial)');
    const clone = await world.clone('shop');
    await clone.query('CREATE TABLE odd (id int GENERATED BY DEFAULT AS IDENTITY (INCREMENT 5))');
    const differing = one(await plan(), 'SEQUENCES_DIFFER');
    expect(differing.next).toMatch(
      /^make its column an identity column, or none, as it is on the source where it differs/,
    );
    await carryOut(differing, clone, 'SEQUENCES_DIFFER');
    expect(printedRun(differing, 'SEQUENCES_DIFFER')).toEqual(['sequences', 'demo']);
    expect((await plan()).findings.map(({ code }) => code)).not.toContain('SEQUENCES_DIFFER');
    await clone.query('DROP TABLE odd');
    await onSource('DROP TABLE odd');
    await clone.end();
  },
);

stage('two that have exchanged their names are not set before they have theirs', async () => {
  const exchange = [
    'tickets_id_seq RENAME TO x',
    'letters_id_seq RENAME TO tickets_id_seq',
    'x RENAME TO letters_id_seq',
  ];
  await onSource(...exchange.map((words) => `ALTER SEQUENCE ${words}`));
  await values('source', 6);
  const renamed = one(await plan(), 'SEQUENCES_RENAMED');
  expect(await refusalOf(sequences())).toBe('SEQUENCES_RENAMED');
  const clone = await world.clone('shop');
  await carryOut(renamed, clone, 'SEQUENCES_RENAMED');
  await clone.end();
  expect(printedRun(renamed, 'SEQUENCES_RENAMED')).toEqual(['sequences', 'demo']);
  expect(await sequences()).toBe('applied');
  expect((await plan()).findings.map(({ code }) => code)).not.toContain('SEQUENCES_RENAMED');
});

stage('without the rights it is said which are needed, the others are set, and with them all are', async () => {
  const [there, here] = [await admin('source'), await admin('clone')];
  for (const each of [there, here])
    await each.query('CREATE SEQUENCE public.hidden; CREATE SCHEMA shut; CREATE SEQUENCE shut.inside');
  await there.query(`SELECT nextval('public.hidden'), nextval('shut.inside')`);
  await values('source', 3);
  const unread = one(await plan(), 'SEQUENCES_UNREAD');
  expect(await refusalOf(sequences())).toBe('SEQUENCES_UNREAD');
  expect((await statusOf(world)).sequences[0]).toMatchObject({ behind: 0, uncompared: 2 });
  await carryOut(unread, there, 'SEQUENCES_UNREAD');
  expect(printedRun(unread, 'SEQUENCES_UNREAD')).toEqual(['sequences', 'demo']);
  const unreadThere = one(await plan(), 'SEQUENCES_UNREAD');
  await carryOut(unreadThere, here, 'SEQUENCES_UNREAD');
  expect(printedRun(unreadThere, 'SEQUENCES_UNREAD')).toEqual(['sequences', 'demo']);
  const owned = one(await plan(), 'SEQUENCES_NOT_OWNED');
  expect(await refusalOf(sequences())).toBe('SEQUENCES_NOT_OWNED');
  expect(printedRun(owned, 'SEQUENCES_NOT_OWNED')).toEqual(['sequences', 'demo']);
  await here.query(
    'CREATE ROLE keeper; ALTER SEQUENCE public.hidden OWNER TO keeper; ALTER SEQUENCE shut.inside OWNER TO keeper',
  );
  await carryOut(one(await plan(), 'SEQUENCES_NOT_OWNED'), here, 'SEQUENCES_NOT_OWNED');
  await sequences();
  expect((await statusOf(world)).sequences[0]).toMatchObject({ behind: 0, uncompared: 0 });
  await Promise.all([there.end(), here.end()]);
});
