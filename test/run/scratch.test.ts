import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesOf } from './processes';
import { sweep } from './scratch';

const IDLE = "console.log('runs'); setInterval(() => {}, 1000)";
const STARTS_ANOTHER = `process.on('SIGQUIT', () => {
  require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}], { stdio: 'ignore', detached: true });
  process.exit();
});`;

let base: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'several runs '));
});
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(base, { recursive: true, force: true });
});

/** The folder of a run whose jest has this id, with a file in it. */
function folderOf(pid: number): string {
  const folder = join(base, `acas-tests-${pid}-abcdef`);
  mkdirSync(join(folder, 'a lab'), { recursive: true });
  writeFileSync(join(folder, 'a lab', 'state.json'), '{}');
  return folder;
}

async function startIn(folder: string, script: string, ...args: string[]): Promise<void> {
  const env = { ...process.env, TMPDIR: folder };
  const child = spawn(process.execPath, ['-e', script, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
}

async function idOfOneThatEnded(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  return child.pid!;
}

test('what a killed run left is gone: its processes, its workers, what they start meanwhile, and its files', async () => {
  const dead = folderOf(await idOfOneThatEnded());
  await startIn(dead, IDLE);
  await startIn(dead, IDLE, '/node_modules/jest-worker/build/processChild.js');
  await startIn(dead, `${STARTS_ANOTHER} ${IDLE}`);
  expect(processesOf(dead)).toHaveLength(3);
  await sweep(base);
  expect(processesOf(dead)).toEqual([]);
  expect(readdirSync(base)).toEqual([]);
});

test('what does not heed the polite signal is ended too', async () => {
  const dead = folderOf(await idOfOneThatEnded());
  await startIn(dead, `process.on('SIGQUIT', () => {}); ${IDLE}`);
  await sweep(base);
  expect(processesOf(dead)).toEqual([]);
  expect(existsSync(dead)).toBe(false);
});

test('a run that goes on keeps what it has', async () => {
  const alive = folderOf(process.pid);
  await startIn(alive, IDLE);
  await sweep(base);
  expect(processesOf(alive)).toHaveLength(1);
  expect(existsSync(join(alive, 'a lab', 'state.json'))).toBe(true);
});
