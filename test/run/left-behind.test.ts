import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftBehind } from './left-behind';

const IDLE = ['-e', "console.log('runs'); setInterval(() => {}, 1000)"];
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'a run '))));
afterEach(() => rmSync(folder, { recursive: true }));

test('nothing is said of an empty folder', async () => {
  expect(await leftBehind(folder, 0)).toEqual([]);
});

test('a file is named, but for what the run itself has there', async () => {
  for (const name of ['carried-out.jsonl', 'lab']) writeFileSync(join(folder, name), '');
  expect(await leftBehind(folder, 0)).toEqual(['file lab']);
});

test.each([
  ['works below the folder', () => ({ args: [join(folder, 'data')], env: process.env })],
  ['was given the folder', () => ({ args: [], env: { ...process.env, TMPDIR: folder } })],
])('a process that %s is named', async (_, start) => {
  const { args, env } = start();
  const child = spawn(process.execPath, [...IDLE, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  expect(await leftBehind(folder, 0)).toEqual([expect.stringMatching(`^process ${child.pid}: .*setInterval`)]);
  child.kill();
  await once(child, 'close');
  expect(await leftBehind(folder, 0)).toEqual([]);
});
