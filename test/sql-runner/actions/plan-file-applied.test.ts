import { join } from 'node:path';
import { apply } from '../../../sql-runner/commands/apply';

test('what cannot be looked at is taken for a plan file, and apply tells why it cannot be read', async () => {
  const tooLong = join(__dirname, 'x'.repeat(300));
  const options = {
    stacksDir: __dirname,
    outputs: [],
    json: true,
    color: false,
    autoApprove: true,
    allowReboot: false,
  };
  await expect(apply(tooLong, { ...options, lockTimeout: 1, syncTimeout: 0 })).rejects.toMatchObject({
    code: 'PLAN_FILE_UNREADABLE',
    seen: expect.stringContaining(`${tooLong} cannot be read: `),
  });
});
