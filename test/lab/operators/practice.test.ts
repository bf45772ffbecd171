import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inSession } from '../../../lab/connections';
import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import { FAULTS } from '../../../lab/faults/faults';
import { openLab } from '../../../lab/lab';
import { labProcesses } from '../../../lab/processes';
import { seedWorkload } from '../../../lab/workload/seed';
import { DirectLab, refusalOf } from '../../e2e/support/direct-lab';
import { stagesInOrder } from '../../e2e/support/in-order';
import { eventually } from '../../support/eventually';
import { below, carryOut, labSays } from './lab-commands';
import { connectionStrings, logOf, sessionOfPsql, statementsWithoutPsql } from './sessions';
import { broken, expectWell, promises } from './looks';
import { released } from './released';
import { putBack } from './put-back';
import { repairAsTold } from './repair-as-told';
import { seenOnPage } from './seen-on-page';
import { serve } from './served';
import { toldByProcess } from './told-by-process';
import { verified } from './verified';

/** What an operator practises, on one lab: each fault is seen as its text says, and put back as it is printed. */

const stage = stagesInOrder();
const NAME = 'operators';
const home = process.env.LAB_HOME;
let world: DirectLab;
let served: Awaited<ReturnType<typeof serve>>;

const lab = (...words: string[]): Promise<string> => labSays(...words, '--name', NAME);
const breakIt = (what: string): Promise<string> => lab('break', ...what.split(' '));

beforeAll(async () => {
  world = await DirectLab.start(NAME);
  process.env.LAB_HOME = dirname(world.lab.directory);
});
afterAll(async () => {
  await served?.stop();
  await world?.lab.down();
  if (home === undefined) delete process.env.LAB_HOME;
  else process.env.LAB_HOME = home;
});

stage('before there is a clone, or a row', async () => {
  expect(await refusalOf(lab('writers', 'start'))).toBe('LAB_NOT_SEEDED');
  for (const what of Object.keys(FAULTS).filter((name) => name !== 'kill source'))
    expect([what, await refusalOf(breakIt(what))]).toEqual([what, 'LAB_NO_CLONE']);
  await seedWorkload(world.source, { rows: 5000 });
  await world.run('apply');
  await world.deployTarget();
  expect(await refusalOf(breakIt('conflict'))).toBe('LAB_NOT_FOLLOWING');
  await inSession(world.lab.adminConnection('clone', 'shop'), async (admin) => {
    // What a worker has failed at is seen sooner where it begins again at once.
    await admin.query(`ALTER SYSTEM SET wal_retrieve_retry_interval = '200ms'`);
    await admin.query('SELECT pg_reload_conf()');
  });
  await world.run('apply');
  served = await serve(world);
});

stage('the list has them all, and what is none of them is refused', async () => {
  const listed = await lab('break', '--list');
  expect(listed.match(/^\S+( source| clone)?(?= {2})/gm)).toEqual(Object.keys(FAULTS));
  expect(await lab('break')).toBe(listed);
  expect(await refusalOf(breakIt('everything'))).toBe('LAB_FAULT_UNKNOWN');
  expect(await refusalOf(lab('heal', 'conflict'))).toBe('LAB_NOT_BROKEN');
});

stage('the writers are started, seen and stopped; a restore would lose what they write', async () => {
  expect(await lab('status')).toMatch(/^Writers {7}none\. Start them: /m);
  const started = await lab('writers', 'start', '--writers', '1');
  expect(started).toMatch(/^One session writes to shop and ledger of production now/);
  expect(await lab('writers', 'start')).toMatch(/already, by process \d+\./);
  expect(await lab('status')).toMatch(/^Writers {7}write to production \(process \d+\)$/m);
  expect(await refusalOf(breakIt('restore'))).toBe('LAB_WRITERS_IN_THE_WAY');
  await eventually(async () => /^[1-9]/.test((await lab('psql', 'source', '-c', WRITTEN)).split('\n')[2]!));
  await carryOut(world, /Stop them: (.+)/.exec(started)![1]!);
  expect(await lab('status')).toMatch(/^ +those before ended with: \d+ transactions committed, /m);
  expect(await lab('writers', 'stop')).toBe('Nobody writes to production.\n');
  await expectWell(world);
});

stage('statements without psql', () => statementsWithoutPsql(NAME));
stage('a session of psql, or what to do without one', () => sessionOfPsql(NAME));
stage('the connection strings that are printed', () => connectionStrings(NAME));
stage("a server's log, and what comes after", () => logOf(NAME));

stage('the last chapter of the demo, as the README has it', () => repairAsTold(world));

stage('what verify found is kept, shown and sent', () => verified(world));
stage('serve as a process tells a webhook, a topic and a receiver of metrics', () => toldByProcess(world));

/** What the writers do to customers. */
const WRITTEN = `SELECT count(*) FROM customers WHERE name = 'Żółć' OR tags && ARRAY['t1','t2','t3','t4','t5','t6','t7','t8','t9']`;
/** Without a row that arrives these faults show nothing: of four, each takes half a second when apply is slow. */
const CHANGE = `UPDATE customers SET tags = tags || 'changed'::text WHERE id <= 4`;

for (const what of Object.keys(FAULTS)) {
  stage(`${what}: done, seen, put back`, async () => {
    const said = await breakIt(what);
    expect(said.split('\n').filter((line) => line.length > 80 && !line.startsWith('  np'))).toEqual([]);
    const changed = Date.now();
    if (what === 'lock' || what === 'slow') await lab('psql', 'source', 'shop', '-c', CHANGE);
    const promised = promises(below('What you will see:', said));
    expect(promised).not.toEqual([]);
    if (what === 'slow') {
      await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
      expect(Date.now() - changed).toBeGreaterThanOrEqual(2_000);
    }
    await eventually(async () => (await broken(world, promised)).length === 0);
    await eventually(async () => (await served.ready()) === (what === 'kill source' ? 503 : 200));
    await eventually(async () => (await served.healthy())[0] === (what === 'slow'));
    if (what === 'conflict') await seenOnPage(served.url);
    expect(await refusalOf(breakIt(what))).toBe('LAB_BROKEN_ALREADY');
    await seenByTheLab(what);
    for (const line of below('How to put it back:', said)) await carryOut(world, line);
    expect(await lab('status')).not.toMatch(/^Broken|: down,/m);
    await expectWell(world);
    await eventually(async () => (await served.healthy()).every(Boolean));
  });
}

/** The lab's own commands, while something is broken. */
async function seenByTheLab(what: string): Promise<void> {
  expect(await lab('break', '--list')).toContain(`BROKEN NOW; put it back: npm run -s lab -- heal ${what} --name`);
  const status = await lab('status');
  expect(status).toContain(`\nBroken        ${what}; put it back: `);
  const { clusters, broken: names } = JSON.parse(await lab('status', '--json')) as Record<string, { down: boolean }[]>;
  expect(names).toEqual([what]);
  const side = /kill (\w+)/.exec(what)?.[1];
  expect(clusters!.map(({ down }) => down)).toEqual([side === 'source', side === 'clone']);
  if (side !== undefined) expect(await refusalOf(lab('psql', side, '-c', 'SELECT 1'))).toBe('LAB_SERVER_DOWN');
  if (what === 'lost-slot') expect(await refusalOf(lab('heal', what))).toBe('LAB_NEEDS_NEW_CLONE');
}

stage('a clone that was replaced meanwhile is in the password file', async () => {
  const file = join(openLab(NAME, process.env.LAB_HOME).directory, 'pgpass');
  expect(readFileSync(file, 'utf8')).toContain(`:${world.lab.cloneConnection('shop').port}:*:`);
});

stage('one fault at a time, but for a crash', async () => {
  await breakIt('lock');
  expect(await refusalOf(breakIt('slow'))).toBe('LAB_BROKEN_ALREADY');
  await breakIt('kill clone');
  expect(await refusalOf(lab('heal', 'lock'))).toBe('LAB_SERVER_DOWN');
  await lab('heal', 'kill', 'clone');
  await lab('heal', 'lock');
  await expectWell(world);
});

stage('a server that was killed by another hand is started as status says', async () => {
  await breakIt('kill clone');
  const status = await lab('status');
  expect(status).toMatch(/^ +instance demo-clone-1: down, /m);
  await carryOut(world, /start it: (.+)/.exec(status)![1]!);
  expect(await lab('start')).toBe('Every server runs already.\n');
  expect(await lab('status')).not.toMatch(/^Broken/m);
  expect(await refusalOf(lab('heal', 'kill', 'clone'))).toBe('LAB_NOT_BROKEN');
  await expectWell(world);
});

stage('production put back, a moment and an hour ago, before and after it has written as much again', async () => {
  await served.stop();
  await putBack(world);
});

stage('a slot that costs production more than it may is dropped, where that is asked for', () => released(world));

stage('whatever goes on in the background goes with the lab', async () => {
  await lab('writers', 'start');
  const { directory } = openLab(NAME, process.env.LAB_HOME);
  expect(labProcesses(directory).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['writers']));
  await world.lab.down();
  expect([labProcesses(directory), existsSync(directory)]).toEqual([[], false]);
});
