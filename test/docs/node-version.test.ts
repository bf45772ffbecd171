import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { NODES } from '../nodes/versions';

const ROOT = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** `>=20.9.0` as people say it. */
const oldest = /^>=(\d+\.\d+)\.0$/.exec(packageJson.engines.node)![1]!;

test.each(['README.md', 'CONTRIBUTING.md', 'docs/adr/0006-libraries.md'])(
  '%s names the oldest Node as package.json does',
  (file) => {
    const named = [...read(file).matchAll(/\bNode (\d+\.\d+)\b/g)].map(([, version]) => version);
    expect(named.length).toBeGreaterThan(0);
    expect(new Set(named)).toEqual(new Set([oldest]));
  },
);

test('README recommends a Node that the project is run with, and says which those are', () => {
  const text = read('README.md').replace(/\s+/g, ' ');
  const [, recommended, all] = /Node (\d+) is recommended[^.]*?\(run with ([^)]*)\)/.exec(text) ?? [];
  const majors = NODES.map((version) => version.split('.')[0]);
  expect(majors).toContain(recommended);
  expect(all?.match(/\d+/g)).toEqual(majors);
});

test('the types are those of the oldest Node, so that nothing newer is used', () => {
  expect(packageJson.devDependencies['@types/node'].split('.')[0]).toBe(oldest.split('.')[0]);
});
