import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whatever makes a client of the SDK is silent about versions of Node, and about nothing else. */

const AWS = join(__dirname, '../../../sql-runner/aws');
const ACCOUNT = `{ accountId: '111111111111', roleArn: null }`;

/** What each file does that makes clients, after which the notice would be there. */
const MAKERS: Readonly<Record<string, string>> = {
  'caller.ts': `made.callerArn('eu-west-1')`,
  'clients.ts': `made.accountClients(${ACCOUNT}, 'eu-west-1').rds`,
  'metric-data.ts': `made.metricPublisher(${ACCOUNT}, 'eu-west-1', 'demo')`,
  'topic.ts': `made.topicPublisher('arn:aws:sns:eu-west-1:111111111111:t', [])`,
};

function stderrOf(script: string): Promise<string> {
  const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, NODE_NO_WARNINGS: __, ...own } = process.env;
  // Nobody answers there.
  const env = { ...own, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=commonjs', '-e', script], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.once('close', () => resolve(stderr)));
}

test('no file that makes clients is left out', () => {
  const makes = readdirSync(AWS).filter((file) => /new [A-Z]\w*Client\(/.test(readFileSync(join(AWS, file), 'utf8')));
  expect(makes.sort()).toEqual(Object.keys(MAKERS));
});

test.each(Object.entries(MAKERS))('%s', async (file, call) => {
  const path = JSON.stringify(join(AWS, file));
  const stderr = await stderrOf(
    `(async () => { const made = require(${path}); await ${call}; process.emitWarning('something else'); })();`,
  );
  expect(stderr).not.toContain('NodeVersionSupportWarning');
  expect(stderr).toContain('Warning: something else');
});
