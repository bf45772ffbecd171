import { mkdtemp, rm, stat, utimes, writeFile, readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepRunInFile, runsInFile } from '../../../sql-runner/execute/trail-file';
import { latestRuns } from '../../../sql-runner/model/run-record';
import { runOf } from '../support/runs';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trail-'));
  file = join(folder, 'runs.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const ended = { ended: '2026-01-01T00:01:00.000Z', outcome: 'applied', exitCode: 0 };

test('a file that is not there has nothing; what is written is its owner’s only', async () => {
  expect(await runsInFile(file)).toBeNull();
  await keepRunInFile(file, runOf());
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['runs.jsonl']);
});

test('of each run its end counts, whatever is written around it; what cannot be read is counted', async () => {
  const [killed, whole] = [runOf(), runOf({ began: '2026-01-02T00:00:00.000Z' })];
  for (const record of [whole, killed, { ...whole, ...ended }]) await keepRunInFile(file, record);
  await writeFile(file, '{"torn": \nsomething else\n', { flag: 'a' });
  const found = (await runsInFile(file))!;
  expect(found.unreadable).toBe(2);
  expect(latestRuns(found.records)).toMatchObject([
    { run: whole.run, outcome: 'applied' },
    { run: killed.run, ended: null },
  ]);
});

test('of many at once none is lost, also while the file is shortened', async () => {
  // Beyond what a file may have: the next run that ends shortens it.
  const old = runOf({
    ...ended,
    began: '2025-01-01T00:00:00.000Z',
    who: { arn: null, login: null, user: 'x'.repeat(4_000), host: 'h' },
  });
  const lines = Array.from({ length: 1_100 }, (_, n) => JSON.stringify({ ...old, run: runOf().run, part: n + 1 }));
  await writeFile(file, `${lines.join('\n')}\n`);
  const runs = Array.from({ length: 8 }, () => runOf());
  await Promise.all(runs.map((run) => keepRunInFile(file, run).then(() => keepRunInFile(file, { ...run, ...ended }))));
  const kept = latestRuns((await runsInFile(file))!.records);
  expect(kept.filter(({ run }) => runs.some((one) => one.run === run)).map(({ outcome }) => outcome)).toEqual(
    Array(8).fill('applied'),
  );
  expect(kept.length).toBeLessThanOrEqual(1_008);
  expect((await readFile(file, 'utf8')).endsWith('\n')).toBe(true);
});

test('a lock that a killed run has left is no lock for ever', async () => {
  await writeFile(`${file}.lock`, '');
  await expect(keepRunInFile(file, runOf())).rejects.toMatchObject({ code: 'EEXIST' });
  await utimes(`${file}.lock`, new Date(0), new Date(0));
  await keepRunInFile(file, runOf());
  expect((await runsInFile(file))!.records).toHaveLength(1);
});
