import { lookAtStreams } from '../../../sql-runner/observe/look-at-streams';
import type { ApplyWorker } from '../../../sql-runner/postgres/catalog/apply-workers';
import type { SlotReader } from '../../../sql-runner/postgres/catalog/senders';
import { newWorld, inWorld, type World } from '../support/fake-world';
import { following } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';

const WORKERS = 'AS "waitsForRelation"';
const READERS = 'AS "replySeconds"';
const KNOWN = 'AS "readAt"';
/** By the clock of this machine, and by that of the clone's server, which is an hour ahead. */
const HERE = Date.parse('2026-11-29T13:02:20Z');
const AHEAD_MS = 3_600_000;

/** Both streams without a worker, or with what differs of it. */
function troubled(worker: Partial<ApplyWorker> = {}, reader: Partial<SlotReader> = { active: false }): World {
  const world = newWorld(following);
  const none = { pid: null, startedAt: null, lastMessage: null, ...worker };
  world.onSql = (sql) => {
    if (sql.includes(WORKERS))
      return ['shop', 'ledger'].map((name) => ({ ...workerAtWork(`acas_demo_${name}`, name), ...none }));
    if (sql.includes(READERS))
      return ['shop', 'ledger'].map((name) => ({ ...readerAtWork(`acas_demo_${name}`), ...reader }));
    if (sql.includes(KNOWN))
      return ['shop', 'ledger'].map((name, at) => ({
        oid: 101 + at,
        name: `acas_demo_${name}`,
        database: name,
        slot: `acas_demo_${name}`,
        enabled: true,
        readAt: new Date(Date.now() + AHEAD_MS).toISOString(),
      }));
    return undefined;
  };
  world.survey.streams.timeouts.retryMs = 1_000;
  world.cloneLog = [
    line('14:02:19', 8, 'ERROR:  duplicate key value violates unique constraint "orders_pkey"'),
    line('14:02:19', 8, 'DETAIL:  Key (id)=(5) already exists.'),
    line(
      '14:02:19',
      8,
      'CONTEXT:  processing remote data for replication origin "pg_101" during message type "INSERT" for replication target relation "public.orders" in transaction 7, finished at 0/40000000',
    ),
    line(
      '14:02:20',
      9,
      'ERROR:  apply worker for subscription "acas_demo_ledger" could not connect to the publisher: timeout expired',
    ),
    '',
  ].join('\n');
  return world;
}
const line = (time: string, pid: number, text: string) => `2026-11-29 ${time} UTC::@:[${pid}]:${text}`;
const portions = (world: World) => world.log.filter((one) => one.startsWith('aws DownloadDBLogFilePortion')).length;

/** Looks with the same connections, minutes apart by a clock that only pauses and these move on. */
async function looks(world: World, ...afterMs: number[]) {
  return looksWhile(world, () => undefined, ...afterMs);
}

/** @param meanwhile called right before each look, with the time that has passed */
async function looksWhile(world: World, meanwhile: (ms: number) => void, ...afterMs: number[]) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(HERE);
  try {
    return await inWorld(world, async () => {
      const connections = world.opening(world.contracts, true);
      const seen = [];
      for (const ms of [0, ...afterMs]) {
        clock.mockReturnValue(HERE + ms);
        meanwhile(ms);
        seen.push((await lookAtStreams(connections.reading(), world.observation))!);
      }
      await connections.close();
      return seen;
    });
  } finally {
    clock.mockRestore();
  }
}

test('where all streams stream nobody asks for the log', async () => {
  const world = troubled({ pid: 99, startedAt: '2026-01-02T03:00:00.000000Z' }, {});
  const [seen] = await looks(world);
  expect([seen!.log, seen!.looks['acas_demo_shop']!.cause]).toEqual([undefined, undefined]);
  expect(world.log.filter((one) => /aws D|AS "readAt"/.test(one))).toEqual([]);
});

test('it is read once for all streams that do not, and lines are of now by the clock of the clone', async () => {
  const world = troubled();
  const { onSql } = world;
  const asked: unknown[] = [];
  world.onSql = (sql, at, values) => {
    if (!sql.includes('i.indisprimary')) return onSql(sql, at, values);
    asked.push([at.side, at.database, ...values]);
    return [{}];
  };
  const [seen] = await looks(world);
  expect(seen!.log).toEqual({ unread: null, since: '2026-11-29T14:02:19.000Z', writer: 'clone-1' });
  expect(seen!.looks['acas_demo_shop']!.cause).toMatchObject({
    kind: 'conflict',
    pid: 8,
    key: [{ column: 'id', value: '5' }],
    deletable: true,
    among: [],
  });
  expect(seen!.looks['acas_demo_ledger']!.cause).toMatchObject({ kind: 'not reached', pid: 9 });
  expect(asked).toEqual([['target', 'shop', 'public', 'orders', 'orders_pkey']]);
  expect(portions(world)).toBe(1);
});

test('who looks again and again reads it once a minute, and keeps what it told', async () => {
  const world = troubled();
  const seen = await looks(world, 30_000, 70_000);
  expect(portions(world)).toBe(2);
  expect(seen.map(({ looks }) => looks['acas_demo_ledger']!.cause?.kind)).toEqual([
    'not reached',
    'not reached',
    // Read again, and the line is not of now any more.
    undefined,
  ]);
  expect(seen[2]!.looks['acas_demo_ledger']!.cause).toBeNull();
});

test('one that has come over its trouble is told nothing of that in the next, and soon what keeps it now', async () => {
  const reader: { active: boolean; confirmedLsn: string } = { active: false, confirmedLsn: '0/1' };
  const world = troubled({}, reader);
  const now = () => new Date(Date.now() + AHEAD_MS).toISOString().slice(11, 19);
  const at: Record<number, () => void> = {
    1_000: () => (reader.confirmedLsn = '0/2'),
    12_000: () => (world.cloneLog = world.cloneLog!.replaceAll('(id)=(5)', '(id)=(6)').replaceAll('14:02:19', now())),
  };
  const seen = await looksWhile(world, (ms) => at[ms]?.(), 1_000, 12_000, 30_000);
  const keys = seen.map(({ looks }) => looks['acas_demo_shop']!.cause?.key?.[0]?.value ?? null);
  // The way out of the first would delete a row that is production's by now.
  expect(keys).toEqual(['5', null, '6', '6']);
  expect(portions(world)).toBe(2);
});

test('where it may not be read the streams are told all the same', async () => {
  const world = troubled();
  world.onAwsRefused = (call) =>
    call === 'DescribeDBLogFiles' ? Object.assign(new Error('x'), { name: 'AccessDenied' }) : undefined;
  const [seen] = await looks(world);
  expect(seen!.log).toEqual({
    unread: 'rds:DescribeDBLogFiles is not allowed in account 222222222222 (docs/iam.md has the policy)',
    since: null,
  });
  expect(seen!.looks['acas_demo_shop']).toMatchObject({ cause: null, last: { worker: { pid: null } } });
});

test.each<[string, Partial<ApplyWorker>, Partial<SlotReader>, number]>([
  ['somebody disabled it', { enabled: false }, {}, 0],
  [
    'a lock keeps it',
    {
      pid: 99,
      startedAt: '2026-01-02T03:00:00.000000Z',
      holders: [
        { pid: 1, user: 'app', application: null, state: null, since: null, ageSeconds: null, statement: null },
      ],
    },
    { confirmedLsn: '0/1' },
    0,
  ],
  [
    'it is at work on something large, and failed before',
    { pid: 99, startedAt: '2026-01-02T03:00:00.000000Z', applyErrors: 3, waitEvent: null },
    { confirmedLsn: '0/1' },
    1,
  ],
  [
    'it is at work on something large, and never failed',
    { pid: 99, startedAt: '2026-01-02T03:00:00.000000Z', waitEvent: null, lastMessage: '2026-01-02T03:00:00.000000Z' },
    { confirmedLsn: '0/1' },
    0,
  ],
])('the log is read where only it knows: %s', async (_, worker, reader, times) => {
  const world = troubled(worker, reader);
  await looks(world);
  expect(portions(world)).toBe(times);
});
