import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { eventually } from '../support/eventually';
import { startTestCluster } from '../support/postgres';
import { allGoOn, halt, standStill } from './standstill';

/** T: stopped by a signal. */
const stateOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0]!;
};
const isStopped = (pid: number) => eventually(() => Promise.resolve(stateOf(pid) === 'T'));
const isGoing = (pid: number) => eventually(() => Promise.resolve(stateOf(pid) !== 'T'));

test('a process stands still until all go on, also where one of them has ended', async () => {
  const [one, other] = [spawn('sleep', ['60']), spawn('sleep', ['60'])];
  halt(one.pid!);
  halt(other.pid!);
  await isStopped(one.pid!);
  other.kill('SIGKILL');
  await once(other, 'exit');
  allGoOn();
  await isGoing(one.pid!);
  one.kill();
});

test('of a server the sessions stand still as well, and answer when it goes on', async () => {
  const cluster = await startTestCluster();
  try {
    const client = await cluster.connect('shop');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    standStill(cluster.cluster);
    await isStopped(rows[0]!.pid);
    const asked = client.query('SELECT 1');
    allGoOn();
    expect((await asked).rowCount).toBe(1);
    await client.end();
  } finally {
    allGoOn();
    await cluster.stop();
  }
});

test('where no server runs nothing can stand still', () => {
  expect(() => standStill({ dataDirectory: '/nowhere' })).toThrow('no server runs');
});
