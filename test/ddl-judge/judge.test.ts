import { readFileSync } from 'node:fs';
import { startTestCluster, type TestCluster } from '../support/postgres';
import { KINDS } from './kinds/all';
import { openNaive } from './naive-pair';
import { type Ground, PLAIN_PARAMETERS } from './plain-ground';
import { openPlainPair } from './plain-pair';
import { runDdlSeed, type SeedOutcome } from './seed';
import { PLAIN, SHAPES } from './shapes';

/**
 * The judge of random DDL must be able to fail: here it looks at a replay that nobody should use, which executes on the
 * clone whatever text the client had sent.
 */
let cluster: TestCluster;
let ground: Ground;
let pairs = 0;
const log = (): string => readFileSync(cluster.cluster.logFile, 'utf8').split('\n').slice(-25).join('\n');

beforeAll(async () => {
  cluster = await startTestCluster({ parameters: PLAIN_PARAMETERS });
  ground = await openNaive(cluster, log);
});
afterAll(() => cluster?.stop());

async function judged(kind: string, shape: string, seed: number): Promise<SeedOutcome> {
  const pair = await openPlainPair(ground, (pairs += 1));
  const kinds = KINDS.filter(({ name }) => name === kind);
  const shapes = [PLAIN, ...SHAPES].filter(({ name }) => name === shape);
  expect([kinds.length, shapes.length]).toEqual([1, 1]);
  try {
    return await runDdlSeed(pair, seed, { daring: 0, only: { kinds, shapes } }, { stops: 1, transactions: 4 });
  } finally {
    await pair.close();
  }
}

test('what a replay of the text gets right is equal', async () => {
  const { followed, rows, stopped } = await judged('add column, constant default', PLAIN.name, 1);
  expect([followed.length > 3, rows > 20, stopped]).toEqual([true, true, null]);
});

test.each([
  ['add column, default now()', PLAIN.name, /Rows differ/],
  ['timestamp to timestamptz in a time zone', PLAIN.name, /Rows differ/],
  ['create table', 'as another role', /Definitions differ|relation app\..*: source/],
  ['add column', 'several statements in one string', /judge.once: 0 rows lost/],
  ['add column', 'in a DO block', /judge.once: 0 rows lost/],
])('%s, %s: what it gets wrong is found', async (kind, shape, words) => {
  await expect(judged(kind, shape, 2)).rejects.toThrow(words);
});
