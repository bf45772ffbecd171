import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(__dirname, '..', '..');
const { testPathIgnorePatterns } = jest.requireActual<{ testPathIgnorePatterns: string[] }>(
  join(PROJECT, 'jest.quick.config.js'),
);
const files = readdirSync(join(PROJECT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `/test/${file}`);
const left = files.filter((file) => !testPathIgnorePatterns.some((pattern) => new RegExp(pattern).test(file)));

test.each(testPathIgnorePatterns.filter((pattern) => pattern !== '/node_modules/'))(
  '%s leaves out a test',
  (pattern) => {
    expect(files.filter((file) => new RegExp(pattern).test(file))).not.toEqual([]);
  },
);

test('the whole path on the lab is in it, and most of all tests are', () => {
  expect(left).toContain('/test/e2e/rollout.e2e.test.ts');
  expect(left.length).toBeGreaterThan(0.8 * files.length);
});
