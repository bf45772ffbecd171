import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertTwoDatabases } from '../../../sql-runner/verify/two-databases';
import { giveToServer } from '../../../lab/postgres/server-user';
import { startTestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

it('accepts two databases of one server, and reads neither from a replica', async () => {
  const test = await startTestCluster({ databases: ['shop', 'copy'] });
  const check = async (): Promise<void> => {
    const source = await openSession(targetOf(test, 'shop', 'source'));
    const target = await openSession(targetOf(test, 'copy', 'target'));
    await assertTwoDatabases({ source, target }).finally(() => Promise.all([source.close(), target.close()]));
  };
  try {
    await check();
    await test.cluster.stop();
    // A server that finds this file stays in recovery and answers queries (manual, "Standby Server Operation").
    const signal = join(test.cluster.dataDirectory, 'standby.signal');
    await writeFile(signal, '');
    await giveToServer(signal);
    await test.cluster.start();
    await expect(check()).rejects.toMatchObject({ code: 'VERIFY_READS_REPLICA' });
  } finally {
    await test.stop();
  }
});
