import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../lab/demo/toolchain';

/** A checkout of its own, as sources are edited and the cache is spoiled here. */
let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'sql runner bundle '));
  for (const folder of ['sql-runner', 'contract', 'errors'])
    cpSync(join(PROJECT, folder), join(checkout, folder), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(PROJECT, file), join(checkout, file));
  mkdirSync(join(checkout, 'node_modules'));
  for (const name of readdirSync(join(PROJECT, 'node_modules')).filter((entry) => !entry.startsWith('.')))
    symlinkSync(join(PROJECT, 'node_modules', name), join(checkout, 'node_modules', name));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const help = (): string =>
  execFileSync(process.execPath, [join(checkout, 'sql-runner', 'bin.js'), '--help'], { encoding: 'utf8' });
const cache = (): string => join(checkout, 'node_modules', '.cache', 'sql-runner');
const bundles = (): string[] => readdirSync(cache()).filter((name) => name.endsWith('.js'));

test('the command starts from a bundle, and from a new one once a source has changed', () => {
  expect(help()).toContain('Usage: sql-runner');
  const [first, ...others] = bundles();
  expect(others).toEqual([]);
  expect(help()).toContain('Usage: sql-runner');
  expect(bundles()).toEqual([first]);

  const source = join(checkout, 'sql-runner', 'program.ts');
  writeFileSync(source, readFileSync(source, 'utf8').replace("new Command('sql-runner')", "new Command('changed')"));
  expect(help()).toContain('Usage: changed');
  expect(bundles()).toHaveLength(1);
  expect(bundles()).not.toContain(first);
});

test('compiled code that is damaged is not used', () => {
  const compiled = readdirSync(cache()).filter((name) => name.endsWith('.cache'));
  expect(compiled).toHaveLength(1);
  writeFileSync(join(cache(), compiled[0]!), 'damaged');
  expect(help()).toContain('Usage: changed');
});

test('where no bundle can be kept it starts from the sources', () => {
  rmSync(join(checkout, 'node_modules', '.cache'), { recursive: true });
  writeFileSync(join(checkout, 'node_modules', '.cache'), 'not a folder');
  expect(help()).toContain('Usage: changed');
});
