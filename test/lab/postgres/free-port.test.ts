import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { assertPortFree, freePort, giveBackPort } from '../../../lab/postgres/free-port';

/** The next candidates are these. */
const propose = (...ports: number[]): void => {
  const random = jest.spyOn(crypto, 'randomInt') as unknown as jest.SpyInstance<number>;
  ports.forEach((port) => random.mockReturnValueOnce(port));
};
afterEach(() => jest.restoreAllMocks());

async function listening(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test('ports are free, and given out once', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(new Set(ports).size).toBe(20);
  // Of those that the kernel gives to connections, one could be taken while its server restarts.
  const [first, last] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')).split(/\s+/).map(Number);
  expect(ports.filter((port) => port >= first! && port <= last!)).toEqual([]);
  await Promise.all(ports.map((port) => assertPortFree(port)));
  await Promise.all(ports.map((port) => giveBackPort(port)));
});

test('a port that is given back is given out again, and no sooner', async () => {
  const port = await freePort();
  propose(port);
  const other = await freePort();
  expect(other).not.toBe(port);
  await giveBackPort(port);
  propose(port);
  expect(await freePort()).toBe(port);
  await Promise.all([port, other].map((given) => giveBackPort(given)));
});

test('a port that another process was given is left to it until it has ended, though nothing listens there', async () => {
  const script = `require(${JSON.stringify(require.resolve('tsx/cjs'))});
    require('./lab/postgres/free-port').freePort().then(console.log); process.stdin.resume()`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  await assertPortFree(port);
  propose(port);
  const other = await freePort();
  expect(other).not.toBe(port);
  child.kill('SIGKILL');
  await once(child, 'close');
  propose(port);
  expect(await freePort()).toBe(port);
  await Promise.all([port, other].map((given) => giveBackPort(given)));
});

test('a port that something listens on is not given out, and named', async () => {
  const port = await freePort();
  const server = await listening(port);
  await giveBackPort(port);
  await expect(assertPortFree(port)).rejects.toMatchObject({
    code: 'LAB_PORT_TAKEN',
    seen: expect.stringContaining(`Port ${port}`) as string,
  });
  propose(port);
  const other = await freePort();
  expect(other).not.toBe(port);
  await giveBackPort(other);
  await new Promise((resolve) => server.close(resolve));
  await expect(assertPortFree(port)).resolves.toBeUndefined();
});
