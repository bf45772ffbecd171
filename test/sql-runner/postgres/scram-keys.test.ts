import { webcrypto } from 'node:crypto';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from './sessions';

let cluster: TestCluster;
beforeAll(async () => void (cluster = await startTestCluster()));
afterAll(() => cluster?.stop());

const derived = jest.spyOn(webcrypto.subtle, 'deriveBits');
beforeEach(() => derived.mockClear());

async function asMaster(statement: string): Promise<void> {
  const client = await cluster.connect('postgres');
  await client.query(statement);
}

async function login(user: string, password: string): Promise<string> {
  try {
    await (await openSession({ ...targetOf(cluster, 'shop'), user, password })).close();
    return 'logged in';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('the key of a password is made once, however many sessions log in by it at a time and later', async () => {
  await asMaster(`CREATE ROLE many LOGIN PASSWORD 'one'`);
  derived.mockClear();
  const all = await Promise.all(Array.from({ length: 8 }, () => login('many', 'one')));
  expect([...all, await login('many', 'one')]).toEqual(Array(9).fill('logged in'));
  expect(derived).toHaveBeenCalledTimes(1);
});

test('another password is not let in by the key of one that was, whichever came first', async () => {
  await asMaster(`CREATE ROLE strict LOGIN PASSWORD 'right'`);
  expect(await login('strict', 'wrong')).toBe('CONNECT_AUTH');
  expect(await login('strict', 'right')).toBe('logged in');
  expect(await login('strict', 'wrong')).toBe('CONNECT_AUTH');
});

test('a password that was changed lets in, and the one before it no more; with the same text under another salt too', async () => {
  await asMaster(`CREATE ROLE rotated LOGIN PASSWORD 'before'`);
  expect(await login('rotated', 'before')).toBe('logged in');
  await asMaster(`ALTER ROLE rotated PASSWORD 'after'`);
  expect([await login('rotated', 'before'), await login('rotated', 'after')]).toEqual(['CONNECT_AUTH', 'logged in']);
  await asMaster(`ALTER ROLE rotated PASSWORD 'after'`);
  expect(await login('rotated', 'after')).toBe('logged in');
});

test('keys of passwords that are used no more are not kept for ever', async () => {
  await asMaster(`CREATE ROLE often LOGIN PASSWORD 'first'`);
  expect(await login('often', 'first')).toBe('logged in');
  for (let n = 0; n < 20; n += 1) expect(await login('often', `guess ${n}`)).toBe('CONNECT_AUTH');
  derived.mockClear();
  expect(await login('often', 'first')).toBe('logged in');
  expect(derived).toHaveBeenCalledTimes(1);
});
