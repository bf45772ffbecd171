import { assertTwoDatabases } from '../../../sql-runner/verify/two-databases';
import { startTestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

it('accepts two databases of one server', async () => {
  const test = await startTestCluster({ databases: ['shop', 'copy'] });
  const check = async (): Promise<void> => {
    const source = await openSession(targetOf(test, 'shop', 'source'));
    const target = await openSession(targetOf(test, 'copy', 'target'));
    await assertTwoDatabases({ source, target }).finally(() => Promise.all([source.close(), target.close()]));
  };
  try {
    await check();
  } finally {
    await test.stop();
  }
});
