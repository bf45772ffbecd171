import type { Contracts } from '../../../contract/contract';
import { diagnose } from '../../../sql-runner/actions/doctor';
import { makePlan } from '../../../sql-runner/actions/run';
import { readStatus } from '../../../sql-runner/actions/status';
import type { Open } from '../../../sql-runner/connections/open';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { cloned, following, prepared } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import { tally, type Tally } from '../support/tally';

type Work = (open: Open, contracts: Contracts) => Promise<unknown>;

const plan: Work = (open, contracts) => makePlan(open, contracts, 'apply');
const both: readonly [string, Work][] = [
  ['plan', plan],
  ['doctor', diagnose],
];

async function sent(world: World, work: Work): Promise<Tally> {
  const count = tally(world);
  await inWorld(world, () => work(world.opening, world.contracts));
  return count();
}

/** What is looked at twice, because the second look is the point. */
const SECOND_LOOKS: Readonly<Record<string, RegExp>> = {
  'who holds the lock, before and after': /^source shop: SELECT l\.pid, .* FROM pg_locks l /,
  'how far the source is, last of all and with each look at the streams':
    /^source shop: SELECT pg_current_wal_flush_lsn/,
};
const LOOKS_AT_STREAMS: Readonly<Record<string, RegExp>> = {
  'what the apply workers do': /^target shop: .* AS "waitsForRelation"/,
  'who reads the slots': /^source shop: .* AS "replySeconds"/,
};

const unexplained = ({ repeated }: Tally, looks: Readonly<Record<string, RegExp>>): string[] =>
  Object.keys(repeated).filter((line) => !Object.values(looks).some((look) => look.test(line)));

test.each(both)('%s opens one connection for each database of a side', async (_, work) => {
  const { connections } = await sent(newWorld(following), work);
  expect([...connections].sort()).toEqual([
    'connect source ledger as master',
    // The password in the secret is tried: that is a login as somebody else.
    'connect source shop as acas_demo',
    'connect source shop as master',
    'connect target ledger as master',
    'connect target shop as master',
  ]);
});

test.each(both)('%s asks a database for each fact once, but for what it looks at twice', async (_, work) => {
  const counted = await sent(newWorld(following), work);
  expect(unexplained(counted, SECOND_LOOKS)).toEqual([]);
  expect(Object.keys(counted.repeated)).toHaveLength(Object.keys(SECOND_LOOKS).length);
  expect(Object.values(counted.repeated)).toEqual([2, 2]);
  expect(unexplained(await sent(newWorld(prepared), work), SECOND_LOOKS)).toEqual([]);
});

test('streams of which one look is no proof are looked at until it is, and nothing else is', async () => {
  const world = newWorld(following);
  // Confirmed further only by the third look.
  let looks = 0;
  world.onSql = (sql) => {
    // No message comes in that would tell before.
    const { subscriptions } = world.observation.target!;
    if (sql.includes('AS "waitsForRelation"'))
      return subscriptions.map(({ name, database }) => workerAtWork(name, database));
    if (!sql.includes('AS "replySeconds"')) return undefined;
    looks += 1;
    const behind = looks < 3 ? { confirmedLsn: '0/1' } : {};
    return world.observation.source.slots.map(({ name }) => ({ ...readerAtWork(name), ...behind }));
  };
  const counted = await sent(world, diagnose);
  expect(looks).toBe(3);
  expect(unexplained(counted, { ...SECOND_LOOKS, ...LOOKS_AT_STREAMS })).toEqual([]);
});

test.each(both)(
  '%s reads the slots before all of the clone: what was confirmed by then, it must have',
  async (_, work) => {
    const world = newWorld(following);
    await sent(world, work);
    const first = (pattern: RegExp) => world.log.findIndex((line) => pattern.test(line));
    expect(first(/^source .*to_jsonb\(s\) AS slot/)).toBeLessThan(
      first(/^target .*pg_(replication_origin|subscription|publication)/),
    );
  },
);

test.each(both)('%s makes each call to AWS once', async (_, work) => {
  const { aws } = await sent(newWorld(following), work);
  expect(aws.map((line) => line.split(' ')[1]).sort()).toEqual([
    'DescribeDBClusterParameters',
    'DescribeDBClusterParameters',
    'DescribeDBClusters',
    'DescribeDBClusters',
    'DescribeDBLogFiles',
    'DescribeRouteTables',
    'DescribeSecurityGroupRules',
    'GetKeyPolicy',
    'GetParameter',
    'GetSecretValue',
    'GetSecretValue',
    'GetSecretValue',
  ]);
});

/** In the first database the server is asked as well, for what belongs to all of its databases. */
test.each([
  ['prepared', prepared, { source: 5, target: 0 }],
  ['not connected yet', cloned, { source: 5, target: 7 }],
  ['followed', following, { source: 10, target: 12 }],
] as const)('status of streams that are %s sends no more than 12 statements to a database', async (_, state, each) => {
  const { statements, repeated, connections } = await sent(newWorld(state), readStatus);
  for (const side of ['source', 'target'] as const) {
    const [first, other] = ['shop', 'ledger'].map((database) => statements[`${side} ${database}`] ?? 0);
    expect(other).toBe(each[side]);
    expect(other).toBeLessThanOrEqual(12);
    expect(first! - other!).toBeLessThanOrEqual(13);
  }
  expect(Object.values(repeated)).toEqual(state === prepared ? [] : [2]);
  expect(connections).toHaveLength(state === prepared ? 3 : 5);
});

test('so few statements are a plan of two databases', async () => {
  const { statements } = await sent(newWorld(following), plan);
  const total = Object.values(statements).reduce((sum, count) => sum + count);
  expect(total).toBeLessThanOrEqual(180);
});
