import assert from 'node:assert/strict';
import { installOtherMajors } from '../matrix/install';
import { preparePostgresBinaries } from '../../lab/postgres/binaries';
import { startServer, stopServer, type ServerPlace } from '../../lab/postgres/server-process';
import { serverOf } from '../../lab/servers';
import type { Finding } from '../../sql-runner/model/change';
import type { EngineEvent } from '../../sql-runner/model/events';
import type { PlanMode } from '../../sql-runner/model/plan';
import { DirectLab, refusalOf } from '../e2e/support/direct-lab';
import { execute } from '../e2e/support/provocations';
import { compareRows } from '../e2e/support/row-comparison';
import { upgradeRoot } from './packages';
import { pgUpgrade, type Upgraded } from './pg-upgrade';

/**
 *   npm run test:upgrade
 *
 * A hold around a real pg_upgrade of the source, from 17 to 18: refused by pg_upgrade where production went on writing,
 * resumed without a new clone where it did not, and found out where a slot was made by hand instead.
 */
const SLOT = 'acas_demo_shop';

class Story {
  private next = 1;

  private constructor(
    readonly world: DirectLab,
    private readonly root: string,
    private readonly newer: ServerPlace['binaries'],
  ) {}

  static async begin(name: string, root: string): Promise<Story> {
    const world = await DirectLab.start(name, { databases: ['shop'] });
    const story = new Story(world, root, await preparePostgresBinaries(world.lab.directory, 18));
    await story.onSource('CREATE TABLE orders (id bigint PRIMARY KEY, note text)', 'INSERT INTO orders VALUES (0)');
    await world.run('apply');
    await world.deployTarget();
    await world.run('apply');
    await story.write(100);
    return story;
  }

  onSource = async (...statements: string[]) => execute(await this.world.source('shop'), statements);

  write = async (rows: number) => {
    const from = this.next;
    this.next += rows;
    await this.onSource(`INSERT INTO orders SELECT i, 'written' FROM generate_series(${from}, ${this.next - 1}) i`);
  };

  async positions(): Promise<Record<string, unknown>> {
    const [row] = await this.onSource(
      `SELECT current_setting('server_version') AS version, pg_current_wal_flush_lsn()::text AS flush,
              confirmed_flush_lsn::text AS confirmed, restart_lsn::text AS restart
         FROM (VALUES (1)) one LEFT JOIN pg_replication_slots ON slot_name = '${SLOT}'`,
    );
    const clone = await execute(await this.world.clone('shop'), [
      `SELECT pg_replication_origin_progress('pg_' || oid, true)::text AS origin FROM pg_subscription WHERE subname = '${SLOT}'`,
    ]);
    return { ...row, ...clone[0] };
  }

  /** What it said, and how it ended. */
  async run(
    mode: PlanMode,
  ): Promise<{ code: string; findings: readonly Finding[]; changes: string[]; inSync: boolean }> {
    const events: EngineEvent[] = [];
    const code = await refusalOf(this.world.run(mode, { listener: (event) => events.push(event) }));
    const planned = events.find((event) => event.type === 'planned')?.plan;
    return {
      code,
      findings: planned?.findings ?? [],
      changes: planned?.changes.map(({ id }) => id) ?? [],
      inSync: events.some(({ type }) => type === 'in-sync'),
    };
  }

  /** Stopped and started again whatever comes of it, by the programs of the version that it has then. */
  async upgrade(): Promise<Upgraded> {
    const place = serverOf(this.world.lab, 'source');
    await stopServer(place, 'fast');
    const upgraded = pgUpgrade(this.root, place.dataDirectory);
    await startServer(upgraded.done ? { ...place, binaries: this.newer } : place);
    return upgraded;
  }

  async differences(): Promise<number> {
    return (await compareRows(this.world.source, this.world.clone, 'shop')).differences.length;
  }
}

const say = (what: string, seen: unknown): void => console.log(`${what}: ${JSON.stringify(seen)}`);

async function kept(root: string): Promise<void> {
  const story = await Story.begin('upgrade', root);
  try {
    assert.equal((await story.run('hold')).code, 'nothing was refused');
    await story.write(10);
    const refused = await story.upgrade();
    say(
      'pg_upgrade after production wrote on',
      refused.said.split('\n').filter((line) => line.includes(SLOT)),
    );
    assert.equal(refused.done, false);
    assert.match(refused.said, new RegExp(`${SLOT}.*has not consumed`));
    assert.equal((await story.run('resume')).inSync, true);
    // As autovacuum does by itself.
    assert.equal((await story.run('hold')).code, 'nothing was refused');
    await story.onSource('ANALYZE orders');
    assert.equal((await story.upgrade()).done, false);
    assert.equal((await story.run('resume')).inSync, true);

    assert.equal((await story.run('hold')).code, 'nothing was refused');
    say('held', await story.positions());
    const upgraded = await story.upgrade();
    assert.ok(upgraded.done, upgraded.said);
    say('upgraded', await story.positions());
    await story.write(50);
    const resumed = await story.run('resume');
    say('resumed', { ...resumed, findings: resumed.findings.map(({ code, seen }) => `${code}: ${seen}`) });
    assert.deepEqual([resumed.code, resumed.inSync], ['nothing was refused', true]);
    await story.write(50);
    assert.equal((await story.run('apply')).inSync, true);
    assert.equal(await story.differences(), 0);
    const left = await story.world.plan();
    say('afterwards', { positions: await story.positions(), changes: left.changes, findings: left.findings });
    assert.deepEqual([left.changes, left.findings], [[], []]);
  } finally {
    await story.world.lab.down();
  }
}

/** pg_upgrade would carry the slot over; where it was dropped before, one that is made by hand afterwards looks the same. */
async function remade(root: string): Promise<void> {
  const story = await Story.begin('remade', root);
  try {
    await story.run('hold');
    await story.onSource(`SELECT pg_drop_replication_slot('${SLOT}')`);
    assert.equal((await story.upgrade()).done, true);
    assert.equal((await story.run('resume')).code, 'SLOT_LOST');
    await story.write(1);
    await story.onSource(`SELECT pg_create_logical_replication_slot('${SLOT}', 'pgoutput')`);
    const resumed = await story.run('resume');
    say('a slot made by hand after the upgrade', { code: resumed.code, changes: resumed.changes });
    assert.deepEqual([resumed.code, resumed.inSync], ['STREAM_BROKEN', false]);
    assert.equal(await story.differences(), 1);
  } finally {
    await story.world.lab.down();
  }
}

async function main(): Promise<void> {
  installOtherMajors();
  const root = upgradeRoot();
  await kept(root);
  await remade(root);
  console.log('A hold around pg_upgrade 17 to 18: all as it should be.');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
