import { rm } from 'node:fs/promises';
import { inSession } from '../../../lab/connections';
import { exchangeFiles, keepFiles } from '../../../lab/older-files';
import { serverOf } from '../../../lab/servers';
import { Beats } from '../../../sql-runner/actions/beats';
import { openConnections } from '../../../sql-runner/connections/open';
import { refusalOf, type DirectLab } from '../../e2e/support/direct-lab';
import { statusOf } from '../../e2e/support/looks';
import { eventually } from '../../support/eventually';
import { expectWell } from './looks';
import { serve } from './served';

/** As many beats as serve writes in an hour; a hundred are kept. */
const AN_HOUR = 120;

async function beat(world: DirectLab, times: number): Promise<void> {
  const connections = openConnections(world.contracts);
  const beats = new Beats(0);
  for (let round = 0; round < times; round += 1) await beats.write(connections, new Set());
  await connections.close();
}

const stateOf = async (world: DirectLab) => (await statusOf(world)).streams.map(({ state }) => state);
const codesOf = async (world: DirectLab) =>
  (await statusOf(world)).streams.map(({ problems }) => problems.map(({ code }) => code));

/** Whatever the clone has got of the source, that has forgotten it since. */
async function forgetting(world: DirectLab, beats: number): Promise<{ kept: string }> {
  const older = await keepFiles(serverOf(world.lab, 'source'));
  await beat(world, beats);
  await expectWell(world);
  await exchangeFiles(serverOf(world.lab, 'source'), older.kept);
  return older;
}

const lsnOf = async (world: DirectLab, side: 'source' | 'clone', sql: string): Promise<string> => {
  const connection =
    side === 'source' ? world.lab.adminConnection('source', 'shop') : world.lab.adminConnection('clone', 'shop');
  return inSession(connection, async (client) => (await client.query<{ lsn: string }>(sql)).rows[0]!.lsn);
};

/** Production writes on until it has more WAL than the clone has ever got of it. */
async function writePast(world: DirectLab): Promise<void> {
  const reached = await lsnOf(world, 'clone', 'SELECT max(remote_lsn)::text AS lsn FROM pg_replication_origin_status');
  await inSession(world.lab.adminConnection('source', 'shop'), async (client) => {
    for (;;) {
      const { rows } = await client.query<{ past: boolean }>('SELECT pg_current_wal_flush_lsn() > $1::pg_lsn AS past', [
        reached,
      ]);
      if (rows[0]!.past) return;
      await client.query('SELECT pg_switch_wal()');
      await client.query(`SELECT pg_logical_emit_message(true, 'on', repeat('x', 100))`);
    }
  });
}

/**
 * Production is put back under its own name. What status looks at beside the beats tells it only until as much WAL has
 * been written again.
 */
export async function putBack(world: DirectLab): Promise<void> {
  const justNow = await forgetting(world, 1);
  await eventually(async () => (await stateOf(world)).every((state) => state === 'diverged'));
  expect(await refusalOf(world.run('apply'))).toMatch(/^(SOURCE_PUT_BACK|HISTORY_DIFFERS)$/);
  await exchangeFiles(serverOf(world.lab, 'source'), justNow.kept);
  await rm(justNow.kept, { recursive: true });
  await expectWell(world);

  const hourAgo = await forgetting(world, AN_HOUR);
  await rm(hourAgo.kept, { recursive: true });
  await writePast(world);
  const served = await serve(world);
  try {
    await eventually(async () => (await codesOf(world)).every((codes) => codes[0] === 'HISTORY_DIFFERS'));
    await eventually(async () => (await served.healthy()).every((healthy) => !healthy));
    // By then the source has pruned as many beats as the clone had got of before.
    await beat(world, AN_HOUR);
    await eventually(async () => (await codesOf(world)).every((codes) => codes[0] === 'HISTORY_DIFFERS'));
    expect(await refusalOf(world.run('apply'))).toBe('HISTORY_DIFFERS');
  } finally {
    await served.stop();
  }
}
