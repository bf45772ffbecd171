import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plan } from '../../../sql-runner/commands/plan';

test('that a plan cannot be saved is found out before anything is read', async () => {
  const nowhere = join(tmpdir(), `no folder ${process.pid}`);
  const options = { stacksDir: join(nowhere, 'stacks'), outputs: [], json: true, color: false };
  const asked = { detailedExitcode: false };
  const planned = plan('demo', { ...options, ...asked, out: join(nowhere, 'plan.json') });
  await expect(planned).rejects.toMatchObject({ code: 'PLAN_FILE_UNWRITABLE' });
});
