import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyBytes } from '../../../lab/postgres/physical-copy';
import { eventually } from '../../support/eventually';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora lab copy '));
});
afterEach(async () => rm(directory, { recursive: true, force: true }));

test('copies every byte, also of a file that is larger than what is read at once', async () => {
  const [source, target] = [join(directory, 'source'), join(directory, 'target')];
  const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, at) => (at * 7919) % 251));
  await writeFile(source, bytes);
  await copyBytes(source, target);
  expect(bytes.equals(await readFile(target))).toBe(true);
  expect((await stat(target)).mode & 0o777).toBe(0o600);
});

test('ends when a server shortens the file meanwhile, as TRUNCATE and DROP do', async () => {
  const [source, target] = [join(directory, 'source'), join(directory, 'target')];
  const file = await open(source, 'w');
  const size = 1024 ** 3;
  // Nothing but a hole, so that no disk needs to have the space.
  await file.truncate(size);
  await file.close();
  const copying = copyBytes(source, target);
  await eventually(async () => (await stat(target).catch(() => null)) !== null);
  await truncate(source, 1);
  await copying;
  expect((await stat(target)).size).toBeLessThan(size);
});
