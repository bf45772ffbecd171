import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { orphanedSegments } from '../../run/segments';
import { eventually } from '../../support/eventually';
import { startTestCluster } from '../../support/postgres';

test('a server that was killed leaves no shared memory once it is removed', async () => {
  const test = await startTestCluster();
  try {
    const { cluster } = test;
    const [pid, , , , , , segment] = readFileSync(join(cluster.dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
    const id = segment!.trim().split(/\s+/)[1]!;
    process.kill(Number(pid), 'SIGKILL');
    await eventually(async () => orphanedSegments().includes(id));
    await cluster.destroy();
    expect(orphanedSegments()).not.toContain(id);
  } finally {
    await test.stop();
  }
});
