import { writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watch, type WatchOptions } from '../../../sql-runner/commands/watch';
import { watchLine } from '../../../sql-runner/render/schemas/watch';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following } from '../support/observations';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'sql runner watch '))));
afterEach(() => rm(directory, { recursive: true }));

/** What the command says on stdout, by line, and how it ends. */
async function watched(world: World, more: Partial<WatchOptions> = {}, files: string[] = []) {
  const outputs = await Promise.all(
    Object.entries(world.contracts).map(async ([side, contract]) => {
      const file = join(directory, `${side}.json`);
      await writeFile(file, JSON.stringify(contract));
      files.push(file);
      return file;
    }),
  );
  const options = { stacksDir: directory, outputs, json: true, color: false, interval: 2, once: false, timeout: 0 };
  const said: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const ended: unknown = await inWorld(world, () => watch('demo', { ...options, ...more })).catch(
      (error: unknown) => error,
    );
    return { ended, said: said.join('').trim().split('\n') };
  } finally {
    write.mockRestore();
  }
}

const parsed = (lines: readonly string[]) => lines.map((line) => watchLine.parse(JSON.parse(line)));

/** Neither side lets anybody in from the second look on, `times` connections long. */
function gone(world: World, times: number): void {
  let left = times;
  let looks = 0;
  world.onSql = (sql) => {
    if (sql.startsWith('SELECT pg_current_wal_flush_lsn')) looks += 1;
    return looks > 3 && left > 0 ? sqlError('57P01') : undefined;
  };
  world.onConnect = () => (looks > 3 && left-- > 0 ? sqlError('53300') : undefined);
}

test('--until streaming ends once all of it was looked at again', async () => {
  const { ended, said } = await watched(newWorld(following), { until: 'streaming' });
  expect(ended).toBe(0);
  expect(parsed(said).at(-1)).toMatchObject({ type: 'sample', following: true });
});

test('what cannot be looked at is said instead of what was seen before, and is never the end of --until', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  gone(world, 6);
  const { ended, said } = await watched(world, { until: 'streaming', timeout: 60 });
  expect(ended).toMatchObject({
    code: 'NOT_IN_SYNC',
    seen: expect.stringMatching(/^after 60 s .*: shop: catching up$/),
  });
  const kinds = parsed(said).map(({ type }) => type);
  expect(kinds[0]).toBe('sample');
  expect(kinds).toContain('unseen');
  expect(kinds.at(-1)).toBe('sample');
});

test('where nothing can be seen any more, that is why it has waited in vain', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  gone(world, Infinity);
  const { ended } = await watched(world, { until: 'streaming', timeout: 60 });
  expect(ended).toMatchObject({ code: 'NOT_IN_SYNC', seen: expect.stringContaining('nothing could be looked at') });
});

test('without a terminal it is said once, and what is seen again is shown in whole', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  gone(world, 6);
  const { said } = await watched(world, { json: false, until: 'streaming', timeout: 60 });
  const text = said.join('\n');
  expect(text.match(/nothing can be seen of environment demo; it was seen last at \d\d:\d\d:\d\d UTC$/gm)).toHaveLength(
    1,
  );
  expect(text.match(/^Environment demo: /gm)).toHaveLength(2);
  expect(text).toMatch(/\nCONNECT_\w+: .*\nWhat to do: .*\nLooking again\.\n/);
});

test('without a terminal it says each minute that nothing has changed, so that it learns when nobody reads', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  const { said } = await watched(world, { json: false, until: 'streaming', timeout: 190 });
  const quiet = said.filter((line) => /^\d\d:\d\d:\d\d nothing has changed: 1 catching up, 1 streaming$/.test(line));
  expect(quiet).toHaveLength(3);
});

test('and why nothing can be seen is said each minute again', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  gone(world, Infinity);
  const { said } = await watched(world, { json: false, until: 'streaming', timeout: 150 });
  const unseen = said.filter((line) => /nothing can be seen of environment demo/.test(line));
  expect(unseen).toHaveLength(3);
});

test('after a deploy it goes on with what the outputs say then, and says so', async () => {
  const world = newWorld(following);
  world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
  const [files, told]: string[][] = [[], []];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => told!.push(String(text)) > 0);
  const target = world.contracts.target!;
  let sessions = 0;
  world.onConnect = ({ side }) => {
    if (side === 'target' && ++sessions === 1)
      writeFileSync(files![1]!, JSON.stringify({ ...target, cluster: { ...target.cluster, port: 5433 } }));
    return undefined;
  };
  const { said } = await watched(world, { until: 'streaming', timeout: 1_200 }, files).finally(() =>
    write.mockRestore(),
  );
  expect(told!.join('')).toMatch(/The outputs of Terraform have changed. Looked at from now on: .*:5433/);
  expect(parsed(said).every(({ type }) => type === 'sample')).toBe(true);
  expect(sessions).toBeGreaterThan(2);
});
