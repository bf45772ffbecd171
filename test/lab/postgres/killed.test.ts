import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../../../lab/postgres/server-process';
import { serverUser } from '../../../lab/postgres/server-user';
import { startTestCluster, type TestCluster } from '../../support/postgres';

/** A server that was killed by SIGKILL, started at once. */

let world: TestCluster;
let other: ChildProcess;
/** As `lab start` does. */
const start = (): Promise<void> => startServer(world.cluster.place);
const file = (): string => join(world.cluster.dataDirectory, 'postmaster.pid');
const pidOf = (): number => Number.parseInt(readFileSync(file(), 'utf8'), 10);

beforeAll(async () => {
  world = await startTestCluster();
  const { uid, gid } = serverUser();
  other = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
  await once(other, 'spawn');
});
afterAll(async () => {
  other?.kill('SIGKILL');
  await world?.stop();
});

test('it starts while the processes of the one before still end', async () => {
  process.kill(pidOf(), 'SIGKILL');
  await start();
  expect((await (await world.connect('shop')).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('it starts while the number in its postmaster.pid is that of another process', async () => {
  const before = readFileSync(file(), 'utf8');
  process.kill(pidOf(), 'SIGKILL');
  writeFileSync(file(), before.replace(/^\d+/, String(other.pid)));
  await start();
  expect((await (await world.connect('shop')).query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  expect(pidOf()).not.toBe(other.pid);
});
