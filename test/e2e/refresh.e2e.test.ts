import { join } from 'node:path';
import type { Client } from 'pg';
import { createColors } from 'picocolors';
import { connectBy } from '../../lab/connections';
import { readPlanFile } from '../../sql-runner/actions/plan-file';
import { makePlan, run, type RunOptions } from '../../sql-runner/actions/run';
import type { EngineEvent } from '../../sql-runner/model/events';
import { ALL_VIEWS, type ViewsWanted } from '../../sql-runner/model/views';
import { compareLsn } from '../../sql-runner/postgres/text/lsn';
import { FORMAT_VERSION } from '../../sql-runner/render/format-version';
import { planText } from '../../sql-runner/render/plan-text';
import { runText } from '../../sql-runner/render/run-text';
import { runLine } from '../../sql-runner/render/schemas/run';
import { RUN } from '../../sql-runner/model/run-id';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { CliProcesses } from './support/cli-process';
import { DirectLab, refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { execute } from './support/provocations';
import { one } from './support/sequences';
import { HOSTILE, OF_ANOTHER, ORDER, VIEWS } from './support/views';

/** Materialized views of the clone are refreshed while writers write, and the stream never waits for that. */

const stage = stagesInOrder();
let world: DirectLab;
let clone: Client;

beforeAll(async () => {
  world = await DirectLab.start('refresh', { databases: ['shop'] });
  await onSource(VIEWS);
  await world.run('apply');
  await world.deployTarget();
  expect(await refusalOf(refresh())).toBe('VIEWS_NOT_FOLLOWED');
  await world.run('apply');
  clone = await world.clone('shop');
});
afterAll(async () => {
  await clone?.end();
  await world?.lab.down();
});

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const plan = (wanted: Partial<ViewsWanted> = {}) =>
  makePlan(world.open, world.contracts, 'refresh', { views: { ...ALL_VIEWS, ...wanted } });
const refresh = (wanted: Partial<ViewsWanted> = {}, more: Partial<RunOptions> = {}) =>
  run(world.open, world.contracts, approved('refresh', { views: { ...ALL_VIEWS, ...wanted }, ...more }));
const arrived = (sql: string, value: unknown) =>
  eventually(async () => Object.values((await clone.query<object>(sql)).rows[0]!)[0] === value);
const cell = async (sql: string) => Object.values((await clone.query<object>(sql)).rows[0]!)[0] as unknown;
const admin = () => connectBy((database) => world.lab.adminConnection('clone', database))('shop');

/** The events of a refresh, and how it ended. */
async function told(wanted: Partial<ViewsWanted> = {}) {
  const events: EngineEvent[] = [];
  const ended = await refresh(wanted, { listener: (event) => events.push(event) }).catch((error: unknown) => error);
  const views = events.flatMap((event) => (event.type === 'view-refreshed' ? [event] : []));
  return { ended, events, views };
}

stage('what doctor says of materialized views is what brings their rows', async () => {
  await onSource('INSERT INTO sold (amount) VALUES (90)', 'REFRESH MATERIALIZED VIEW n_later');
  await arrived('SELECT sum(amount)::int FROM sold', 100);
  const { results } = await diagnosisOf(world);
  const found = one({ findings: results.flatMap(({ findings }) => findings) }, 'MATERIALIZED_VIEWS_NOT_REPLICATED');
  expect(await cell('SELECT amount::int FROM a_top')).toBe(10);
  expect(await world.follow(printedRun(found, 'MATERIALIZED_VIEWS_NOT_REPLICATED'))).toBe('applied');
  expect(await cell('SELECT amount::int FROM "a ""first"""')).toBe(100);
  expect(await cell('SELECT id::int FROM n_later')).toBe(11);
});

stage('each comes after those that it reads, and how it is read meanwhile is said', async () => {
  const planned = await plan();
  const names = planned.changes.map(({ id }) => id.replace('target/shop/materialized-view/', ''));
  expect([...names].sort()).toEqual([...ORDER].sort());
  const before = (a: string, b: string) => expect(names.indexOf(a)).toBeLessThan(names.indexOf(b));
  before(ORDER[0]!, ORDER[1]!);
  before(ORDER[1]!, ORDER[2]!);
  const text = planText(planned, createColors(false));
  expect(text).toMatch(
    / {8}REFRESH MATERIALIZED VIEW CONCURRENTLY "public"\."z_base"; {2}-- when it was refreshed last is not known/,
  );
  expect(text).toContain('under ACCESS EXCLUSIVE: who reads it waits to the end, as it has no unique index of columns');
  expect(one(planned, 'VIEWS_LEFT_EMPTY').seen).toContain('public.n_never');
});

stage('what it says to hold is what it holds, with writers', async () => {
  let done = false;
  const committed: { id: string; at: string }[] = [];
  const writing = (async () => {
    const writer = await world.source('shop');
    while (!done) {
      const { rows } = await writer.query<{ id: string }>('INSERT INTO sold (amount) VALUES (1) RETURNING id');
      const { rows: after } = await writer.query<{ at: string }>('SELECT pg_current_wal_lsn()::text AS at');
      committed.push({ id: rows[0]!.id, at: after[0]!.at });
    }
    await writer.end();
  })();
  try {
    for (let time = 0; time < 2; time += 1) {
      const before = committed.length;
      await eventually(() => Promise.resolve(committed.length > before + 20));
      const { ended, events, views } = await told();
      expect(ended).toBe('applied');
      for (const event of events.filter(({ type }) => type === 'view-refreshed'))
        runLine.parse({ format_version: FORMAT_VERSION, run: RUN, ...event });
      const base = views.find(({ view }) => view === 'public.z_base')!;
      const here = await clone.query<{ id: string }>('SELECT id FROM z_base');
      const held = new Set(here.rows.map(({ id }) => id));
      const due = committed.filter(({ at }) => compareLsn(at, base.holdsUpTo!) <= 0);
      expect(due.length).toBeGreaterThan(0);
      expect(due.filter(({ id }) => !held.has(id))).toEqual([]);
    }
  } finally {
    done = true;
    await writing;
  }
});

stage(
  'readers go on where it says so; where it waits for one in vain it names it, and the others are done',
  async () => {
    const reader = await world.clone('shop');
    await reader.query('BEGIN; SELECT FROM z_base LIMIT 1; SELECT FROM m_struck LIMIT 1');
    const { ended, views } = await told();
    expect(ended).toMatchObject({
      code: 'VIEWS_NOT_REFRESHED',
      seen: expect.stringMatching(
        /public\.m_struck was not refreshed: it waited 1 s in vain for a lock on public\.m_struck/,
      ),
    });
    expect(views.map(({ view }) => view).sort()).toEqual(ORDER.filter((name) => !name.includes('struck')).sort());
    await reader.end();
  },
);

stage('the stream does not wait for a refresh: that gives way, and can be stopped', async () => {
  await clone.query(`CREATE MATERIALIZED VIEW slow AS SELECT count(*), pg_sleep(600)::text FROM struck WITH NO DATA`);
  let stop = false;
  const begun = refresh({ names: ['public.slow'] }, { interrupted: () => stop });
  const pids = async () =>
    (
      await clone.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE query LIKE 'REFRESH%slow%' AND wait_event = 'PgSleep'`,
      )
    ).rows;
  await eventually(async () => (await pids()).length > 0);
  await onSource('TRUNCATE struck', 'INSERT INTO struck VALUES (7), (8)');
  // Ten minutes, if it did not give way.
  await arrived('SELECT count(*)::int FROM struck', 2);
  await eventually(async () => (await pids()).length > 0);
  // Behind somebody who waits for it.
  const other = await world.clone('shop');
  const locked = other.query('BEGIN; LOCK TABLE struck; SELECT pg_sleep(0.2)');
  await eventually(async () => (await clone.query('SELECT FROM pg_locks WHERE NOT granted')).rows.length > 0);
  await onSource('INSERT INTO struck VALUES (9)');
  await locked;
  await other.end();
  await arrived('SELECT count(*)::int FROM struck', 3);
  await eventually(async () => (await pids()).length > 0);
  stop = true;
  expect(await begun).toBe('interrupted');
  expect(await pids()).toEqual([]);
});

stage('a limit, a cause and those that read it are told, and none keeps the others', async () => {
  const limited = await told({ names: ['public.slow'], statementSeconds: 1 });
  expect(limited.ended).toMatchObject({ seen: expect.stringContaining('statement timeout') });
  await clone.query(`DROP MATERIALIZED VIEW slow;
    CREATE MATERIALIZED VIEW broken AS SELECT 1 / (count(*) - 3) AS x FROM struck WITH NO DATA;
    CREATE MATERIALIZED VIEW after_broken AS SELECT 1 AS x FROM broken WITH NO DATA`);
  const { ended, views, events } = await told({ names: [...ORDER, 'public.broken', 'public.after_broken'] });
  expect(ended).toMatchObject({ code: 'VIEWS_NOT_REFRESHED', also: ['VIEWS_NOT_REFRESHED'] });
  expect((ended as Error & { seen: string }).seen).toMatch(
    /broken was not refreshed: division by zero.*\n.*after_broken was not refreshed: one that it reads was not refreshed/,
  );
  expect(views).toHaveLength(ORDER.length);
  const lines: string[] = [];
  events.forEach(runText((line) => lines.push(line), createColors(false)));
  expect(lines.join('\n')).toMatch(
    /public\.z_base in shop: the rows of the clone as of .*Z, with all that .* up to \w+\/\w+/,
  );
  await clone.query('DROP MATERIALIZED VIEW broken CASCADE');
  expect(await refusalOf(refresh({ names: ['public.nowhere'] }))).toBe('VIEWS_NOT_FOUND');
});

stage("it runs with the users' settings, and with no search_path that somebody has set", async () => {
  const owner = await admin();
  await owner.query(HOSTILE);
  await clone.query(`CREATE MATERIALIZED VIEW forms AS SELECT told() AS version, current_setting('TimeZone') AS zone WITH NO DATA;
    CREATE MATERIALIZED VIEW pathless AS SELECT lost() WITH NO DATA`);
  const planned = await plan({ names: ['public.forms', 'public.pathless'] });
  expect(one(planned, 'VIEWS_CALL_FUNCTIONS').seen).toMatch(
    /public\.lost, public\.told\): public\.forms, public\.pathless/,
  );
  const { ended } = await told({ names: ['public.forms', 'public.pathless'] });
  expect(ended).toMatchObject({
    seen: expect.stringMatching(/public\.pathless was not refreshed: .*search_path of their own/),
  });
  expect(await cell('SELECT zone FROM public.forms')).toBe('Asia/Tokyo');
  expect(await cell('SELECT version FROM public.forms')).toMatch(/^PostgreSQL/);
  await owner.query('ALTER FUNCTION public.lost() SET search_path = public, pg_temp');
  expect(await refresh({ names: ['public.pathless'] })).toBe('applied');
  await owner.query(`ALTER DATABASE shop RESET ALL; DROP SCHEMA evil CASCADE; DROP FUNCTION told, lost CASCADE`);
  await owner.end();
});

stage('without the rights of its owner it says which are needed, and with them it is refreshed', async () => {
  const owner = await admin();
  await owner.query(OF_ANOTHER);
  const names = ['shut.kept', 'public.z_base'];
  const found = one(await plan({ names }), 'VIEWS_NOT_OWNED');
  const { ended, views } = await told({ names });
  expect(ended).toMatchObject({ code: 'VIEWS_NOT_OWNED' });
  expect(views.map(({ view }) => view)).toEqual(['public.z_base']);
  expect(printedRun(found, 'VIEWS_NOT_OWNED')).toEqual(['refresh', 'demo']);
  await carryOut(found, owner, 'VIEWS_NOT_OWNED');
  expect(await refresh({ names })).toBe('applied');
  expect(await cell('SELECT one FROM shut.kept')).toBe(1);
  await owner.query('DROP SCHEMA shut CASCADE');
  await owner.end();
});

stage('as a process, for a scheduler: its lines, its exit codes, and the next plan says when it was', async () => {
  const cli = new CliProcesses(world);
  const { exitCode, stdout } = await cli.run('refresh', 'public.z_base', '--auto-approve', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => runLine.parse(JSON.parse(line)));
  expect(exitCode).toBe(0);
  expect(lines.find(({ type }) => type === 'view-refreshed')).toMatchObject({
    view: 'public.z_base',
    concurrently: true,
  });
  expect(lines.at(-1)).toMatchObject({ type: 'outcome', outcome: 'applied' });
  const planned = await plan({ names: ['public.z_base'] });
  expect(planned.changes[0]!.preview[0]).toMatch(/-- refreshed by the run that began \d{4}-.*Z; by others: not known$/);
  const file = join(world.lab.directory, 'refresh.plan.json');
  expect((await cli.run('plan', '--refresh', '--out', file)).exitCode).toBe(0);
  const saved = await readPlanFile(file);
  expect(await refresh(saved.views, { saved })).toBe('applied');
  await clone.query('CREATE MATERIALIZED VIEW broken AS SELECT 1 / count(*) FROM struck WHERE false WITH NO DATA');
  expect((await cli.run('refresh', 'public.broken', '--auto-approve')).exitCode).toBe(1);
  expect((await cli.run('refresh', 'public.nowhere', '--auto-approve')).exitCode).toBe(10);
});
