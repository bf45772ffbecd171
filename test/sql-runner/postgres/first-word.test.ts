import { once } from 'node:events';
import { createServer, Socket, type AddressInfo, type Server } from 'node:net';
import { SilentServers } from '../../../sql-runner/connections/silent-servers';
import { connectError, ConnectError } from '../../../sql-runner/postgres/connect-errors';
import { firstWordIn, silenceAt } from '../../../sql-runner/postgres/first-word';
import type { SessionTarget } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

/** A server that takes every connection, and says to each what it is told to say. */
let cluster: TestCluster;
let silent: Server;
const sockets: Socket[] = [];
let says = '';

beforeAll(async () => {
  cluster = await startTestCluster();
  silent = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => void (says !== '' && socket.write(says)));
  });
  await new Promise<void>((resolve) => silent.listen(0, 'localhost', resolve));
});
beforeEach(() => {
  says = '';
  sockets.length = 0;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent?.close();
  await cluster?.stop();
});

const LIMIT_MS = 300;
const toSilent = (database = 'shop'): SessionTarget => ({
  ...targetOf(cluster, database),
  port: (silent.address() as AddressInfo).port,
});
const failure = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => null,
    (error: unknown) => error,
  );

test('a server that says nothing is given up after the limit, which is told', async () => {
  const error = await failure(openSession(toSilent(), { firstWordMs: LIMIT_MS }));
  expect(error).toMatchObject({
    code: 'CONNECT_TIMEOUT',
    seen: expect.stringMatching(/^Cannot connect to source localhost:\d+.*: it did not answer within 0\.3 s$/),
  });
});

test('one that has said a word has more time, and is not called silent', async () => {
  says = 'S';
  const error = await failure(openSession(toSilent(), { firstWordMs: LIMIT_MS, connectTimeoutMs: 3 * LIMIT_MS }));
  expect(error).toMatchObject({ code: 'CONNECT_HELD_UP' });
});

test.each([
  ['whose name nobody tells', 'db.internal', [], 'EAI_AGAIN', 'its name was not resolved within 0.05 s'],
  ['whose name was told', 'db.internal', [null], 'ETIMEDOUT', 'it did not answer within 0.05 s'],
  ['that has no name', '10.0.0.1', [], 'ETIMEDOUT', 'it did not answer within 0.05 s'],
] as const)('a server %s', async (_, host, lookups, code, message) => {
  const socket = new Socket();
  const failed = once(socket, 'error');
  const answered = firstWordIn(50, socket, host);
  for (const error of lookups) socket.emit('lookup', error, '10.0.0.1', 4, host);
  expect(await failed).toEqual([expect.objectContaining({ code, message })]);
  answered();
});

test('a process that was busy itself calls no server silent', async () => {
  const asked = openSession(targetOf(cluster, 'shop'), { firstWordMs: LIMIT_MS });
  const until = performance.now() + 3 * LIMIT_MS;
  while (performance.now() < until);
  const session = await asked;
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await session.close();
});

test('of many databases of a silent server one is waited for, and later it is asked anew', async () => {
  let now = 0;
  const servers = new SilentServers(() => now);
  const ask = (database: string) => {
    const target = toSilent(database);
    return failure(servers.unlessSilent(target, () => openSession(target, { firstWordMs: LIMIT_MS })));
  };
  const first = await ask('shop');
  expect(first).toBeInstanceOf(ConnectError);
  for (let other = 0; other < 32; other += 1) expect(await ask(`branch_${other}`)).toBe(first);
  expect(sockets).toHaveLength(1);
  now = 2_000;
  expect(await ask('shop')).not.toBe(first);
  expect(sockets).toHaveLength(2);
});

test('what a server has refused says nothing of its other databases', async () => {
  const servers = new SilentServers();
  const enter = (database: string) => {
    const target = targetOf(cluster, database);
    return servers.unlessSilent(target, () => openSession(target));
  };
  expect(await failure(enter('nowhere'))).toMatchObject({ code: 'CONNECT_DATABASE_MISSING' });
  await (await enter('shop')).close();
});

test('a server that is there is asked for its first word, and has nothing of that in its log', async () => {
  const { host, port } = targetOf(cluster, 'shop');
  expect(await silenceAt(host, port, 5_000)).toBeNull();
  expect(await silenceAt(host, 1, 5_000)).toBeNull();
  const silence = await silenceAt(host, toSilent().port, LIMIT_MS);
  expect(silence).toMatchObject({ code: 'ETIMEDOUT', message: 'it did not answer within 0.3 s' });
  says = 'N';
  expect(await silenceAt(host, toSilent().port, LIMIT_MS)).toBeNull();
});

test('sessions whose statements are not answered ask a server once, and those of the next moment believe it', async () => {
  const [servers, target] = [new SilentServers(), toSilent()];
  const told = await Promise.all([servers.silenceOf(target), servers.silenceOf(toSilent('ledger'))]);
  expect(sockets).toHaveLength(1);
  expect(told[0]).toBe(told[1]);
  expect(told[0]).toMatchObject({ code: 'CONNECT_TIMEOUT', side: target.side });
  await expect(servers.unlessSilent(target, () => Promise.reject(new Error('asked')))).rejects.toBe(told[0]);
  expect(await servers.silenceOf(targetOf(cluster, 'shop'))).toBeNull();
});

test('one that says a word and then nothing is told of as soon by who only looks', async () => {
  says = 'S';
  const target = toSilent();
  const silence = () => Promise.resolve(connectError(target, new Error('it did not answer')));
  const began = performance.now();
  const error = await failure(openSession(target, { silenceOf: silence }));
  expect(error).toMatchObject({ seen: expect.stringContaining('it did not answer') });
  expect(performance.now() - began).toBeLessThan(5_000);
});
