import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertFresh } from '../../pull-requests/fresh';

const PROJECT = join(__dirname, '../..');
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fresh '));
  process.env['ENVIRONMENTS_DIR'] = join(directory, 'environments');
  for (const name of ['demo', 'example'])
    cpSync(join(PROJECT, `environments/${name}.yaml`), join(directory, `environments/${name}.yaml`));
});
afterEach(() => {
  delete process.env['ENVIRONMENTS_DIR'];
  rmSync(directory, { recursive: true });
});

test('the JSON of an environment whose file is gone is no stale JSON that a synth mends', () => {
  const committed = join(PROJECT, 'cdktf.out/stacks');
  rmSync(join(directory, 'environments/demo.yaml'));
  expect(() => assertFresh(committed)).toThrow(
    expect.objectContaining({
      code: 'ENVIRONMENT_FILE_GONE',
      seen: `There is JSON of demo-source, demo-target in ${committed}, and no file demo.yaml in ${directory}/environments.`,
    }),
  );
});
