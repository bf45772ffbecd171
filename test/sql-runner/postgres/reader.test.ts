import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToServer } from '../../../lab/postgres/server-user';
import { startTestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

it('opens no session on a server in recovery, of either side, as neither slots nor workers are to be seen there', async () => {
  const test = await startTestCluster({ databases: ['shop'] });
  try {
    await test.cluster.stop();
    // A server that finds this file stays in recovery and answers queries (manual, "Standby Server Operation").
    const signal = join(test.cluster.dataDirectory, 'standby.signal');
    await writeFile(signal, '');
    await giveToServer(signal);
    await test.cluster.start();
    for (const side of ['source', 'target'] as const)
      await expect(openSession(targetOf(test, 'shop', side))).rejects.toMatchObject({ code: 'CONNECT_READER', side });
  } finally {
    await test.stop();
  }
});
