import type { Client } from 'pg';
import { explain } from '../../sql-runner/explain/explain';
import type { EngineEvent } from '../../sql-runner/model/events';
import { carryOut, type Printed } from '../sql-runner/checks/printed-fix';
import { connectBy } from '../../lab/connections';
import { eventually } from '../support/eventually';
import { diagnosisOf, statusOf } from './support/looks';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { startImpatientWriter } from './support/impatient-writer';
import { PATIENCE_MS } from '../support/patience';

/** Whatever somebody has locked: the commands answer soon, or name who stands in the way; and production goes on writing. */

const TABLES = ['truncated', 'altered', 'locked', 'dropped', 'clustered', 'vacuumed', 'indexed'];
/** All in one transaction, each on a table of its own. */
const STRONG = `BEGIN; TRUNCATE truncated; ALTER TABLE altered ADD COLUMN later int; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE;
  DROP TABLE dropped; CLUSTER clustered USING clustered_pkey; ALTER TABLE altered ALTER COLUMN note TYPE varchar(99)`;

const stage = stagesInOrder();
let world: DirectLab;
const sessions: Client[] = [];

beforeAll(async () => {
  world = await DirectLab.start('locks', { databases: ['shop'] });
  const shop = await world.source('shop');
  for (const table of [...TABLES, 'written'])
    await shop.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note text); INSERT INTO ${table} VALUES (1, 'x')`);
  await shop.end();
  await rebootFirst();
});

afterAll(async () => {
  await letGo();
  await world?.lab.down();
});

/** It would end whoever has locked something. */
async function rebootFirst(): Promise<void> {
  let done = false;
  const listener = (event: EngineEvent): void => {
    done ||= event.type === 'change-finished' && event.change.operation.kind === 'reboot-writer';
  };
  await world.run('apply', { listener, interrupted: () => done });
}

async function somebody(side: 'source' | 'clone', sql: string): Promise<Client> {
  const client = await world[side]('shop');
  client.on('error', () => undefined);
  sessions.push(client);
  await client.query(`SET application_name = 'a migration'`);
  await client.query(sql);
  return client;
}

/** Begins what has to wait for somebody, and whoever comes later queues behind it. */
async function waiting(side: 'source' | 'clone', sql: string): Promise<void> {
  const client = await somebody(side, 'SELECT');
  // Before anything is locked: of whoever comes new it is not certain that they get in.
  const watcher = await world[side]('shop');
  client.query(sql).catch(() => undefined);
  await eventually(async () => {
    const { rows } = await watcher.query(`SELECT FROM pg_stat_activity WHERE query = $1 AND wait_event_type = 'Lock'`, [
      sql,
    ]);
    return rows.length > 0;
  });
  await watcher.end();
}

/** Every strong lock that a table can have, held or waited for. */
async function lockTables(side: 'source' | 'clone'): Promise<void> {
  await somebody(side, STRONG);
  await somebody(side, 'BEGIN; SELECT FROM vacuumed');
  await waiting(side, 'VACUUM FULL vacuumed');
  await somebody(side, 'BEGIN; LOCK TABLE indexed IN ROW EXCLUSIVE MODE');
  await waiting(side, 'CREATE INDEX CONCURRENTLY half ON indexed (note)');
}

async function letGo(): Promise<void> {
  // Whoever waits could not be asked to roll back.
  for (const side of ['source', 'clone'] as const) {
    const beside = await world?.[side]('postgres').catch(() => null);
    await beside?.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'a migration'`,
    );
    await beside?.end();
    const watcher = await world?.[side]('shop').catch(() => null);
    await watcher?.query('DROP INDEX IF EXISTS half').catch(() => undefined);
    await watcher?.end();
  }
  await Promise.all(sessions.splice(0).map((client) => client.end().catch(() => undefined)));
}

type Said = Printed & { readonly seen: string };

/** plan, doctor and status at the same time. */
async function ask(): Promise<Said[]> {
  const refused = (cause: unknown) => [explain(cause)];
  const said = await Promise.all([
    world.plan().then(({ findings }) => findings, refused),
    diagnosisOf(world).then(({ results }) => results.flatMap(({ findings }) => findings), refused),
    statusOf(world).then(() => [], refused),
  ]);
  return said.flat();
}

const UNNAMED = [
  'DATABASE_ERROR',
  'INTERNAL_ERROR',
  'CHANGE_FAILED',
  'LOCK_TIMEOUT',
  'READ_TIMEOUT',
  'PRIVILEGE_MISSING',
];

/** None of them waited: the server ends each wait for a lock, and that would be named. */
async function expectAnswers(): Promise<void> {
  expect((await ask()).filter(({ code }) => UNNAMED.includes(code))).toEqual([]);
}

const apply = () =>
  world.run('apply', { syncTimeoutMs: PATIENCE_MS }).then(
    (outcome) => ({ outcome, error: null }),
    (cause: unknown) => ({ outcome: null, error: explain(cause) }),
  );

const HELD = /held by process \d+ of \w+ \(a migration, idle in transaction, in its transaction since \d{4}-/;

stage('before anything is there: the commands answer, and apply names the table and who has it', async () => {
  await lockTables('source');
  await expectAnswers();
  const writer = await startImpatientWriter(world, ['written', 'indexed']);
  const { error } = await apply();
  expect(await writer.stop()).toMatchObject({ behindUs: 0, refused: [] });
  expect(error).toMatchObject({ code: 'LOCK_TIMEOUT', seen: expect.stringMatching(HELD) });
  expect(error!.seen).toContain('waited in vain for a lock on public.altered');
  await letGo();
});

stage('apply goes on from there, and nobody who writes waits behind it', async () => {
  const writer = await startImpatientWriter(world, ['written', ...TABLES]);
  expect(await apply()).toEqual({ outcome: 'applied', error: null });
  await world.deployTarget();
  expect(await apply()).toEqual({ outcome: 'applied', error: null });
  const seen = await writer.stop();
  expect(seen).toMatchObject({ behindUs: 0, refused: [] });
  expect(seen.writes).toBeGreaterThan(20);
});

stage(
  'connected, every lock on both sides: what the streams do is said, and apply has nothing to wait for',
  async () => {
    await lockTables('source');
    await lockTables('clone');
    await expectAnswers();
    expect(await apply()).toEqual({ outcome: 'nothing-to-do', error: null });
    await letGo();
  },
);

stage('what is altered and not yet committed: publications, the database, the role', async () => {
  const role = world.contract.replication.role;
  await somebody(
    'source',
    `BEGIN; ALTER PUBLICATION acas_demo_shop DROP TABLE written; CREATE PUBLICATION other FOR TABLE written;
     ALTER DATABASE shop SET work_mem = '5MB'; COMMENT ON PUBLICATION acas_demo_shop IS 'mine'; ALTER ROLE ${role} CONNECTION LIMIT 9`,
  );
  await somebody('clone', `BEGIN; ALTER SUBSCRIPTION acas_demo_shop DISABLE; ALTER DATABASE shop SET work_mem = '5MB'`);
  await expectAnswers();
  expect(await apply()).toEqual({ outcome: 'nothing-to-do', error: null });
  const changed = await world.source('shop');
  await letGo();
  await changed.query(`ALTER ROLE ${role} PASSWORD 'another'`);
  await somebody('source', `BEGIN; ALTER ROLE ${role} CONNECTION LIMIT 9`);
  const { error } = await apply();
  expect(error).toMatchObject({ code: 'LOCK_TIMEOUT', seen: expect.stringMatching(HELD) });
  await carryOut(error!, changed, 'LOCK_TIMEOUT');
  await changed.end();
  expect(await apply()).toEqual({ outcome: 'applied', error: null });
});

const NAMED = [
  /acas_demo_shop\.acas_heartbeat is locked by process \d+ of \w+ \(a migration, idle in transaction, in its transaction since/,
  /process \d+ of \w+ \(a migration, active, .+\) waits to lock pg_catalog\.pg_publication_rel, behind process \d+/,
];

/**
 * One of a catalog would keep out of a database whoever is new there, for as long as another of its catalogs is locked:
 * see locked-catalog.test.ts.
 */
async function endAutovacuum(): Promise<void> {
  const admin = await connectBy((database) => world.lab.adminConnection('source', database))('postgres');
  await admin.query('ALTER SYSTEM SET autovacuum = off');
  await admin.query('SELECT pg_reload_conf()');
  await eventually(async () => {
    const { rows } = await admin.query(`SELECT FROM pg_stat_activity WHERE backend_type LIKE 'autovacuum%'`);
    return rows.length === 0;
  });
  await admin.end();
  // What it has taken away, whoever comes next makes anew.
  await (await world.source('shop')).end();
}

stage(
  'what must be read itself is locked: who has it, or waits for it, is named, and what is printed ends it',
  async () => {
    await endAutovacuum();
    await somebody('clone', 'BEGIN; LOCK TABLE acas_demo_shop.acas_heartbeat IN ACCESS EXCLUSIVE MODE');
    // Owners of a database may: whoever reads it queues behind them.
    await somebody('source', 'BEGIN; SELECT FROM pg_publication_rel');
    await waiting('source', 'VACUUM FULL pg_publication_rel');
    const { error } = await apply();
    expect(NAMED.filter((seen) => seen.test(error?.seen ?? ''))).toHaveLength(1);
    const seen: string[] = [error!.seen];
    for (let printed = await lockTimeouts(); printed.length > 0; printed = await lockTimeouts()) {
      // Each time at least one of the two is out of the way.
      expect(seen.length).toBeLessThan(12);
      seen.push(...printed.map((one) => one.seen));
      for (const one of printed) await follow(one);
    }
    for (const named of NAMED) expect(seen).toContainEqual(expect.stringMatching(named));
    expect(await apply()).toEqual({ outcome: 'nothing-to-do', error: null });
  },
);

/** One for each thing that is locked. */
async function lockTimeouts(): Promise<Said[]> {
  const said = await ask();
  expect(said.filter(({ code }) => code === 'DATABASE_ERROR')).toEqual([]);
  return said.filter(({ code, next }, index) => {
    return (
      ['LOCK_TIMEOUT', 'HEARTBEAT_UNREADABLE'].includes(code) &&
      said.findIndex((other) => other.next === next) === index
    );
  });
}

async function follow(printed: Printed): Promise<void> {
  const [, database, side] = /in database (\S+) on the (source|clone): /.exec(printed.next)!;
  const client = await world[side as 'source' | 'clone'](database!);
  // Of beats that could not be read it is the same advice.
  await carryOut({ ...printed, code: 'LOCK_TIMEOUT' }, client, 'LOCK_TIMEOUT');
  await client.end();
}
