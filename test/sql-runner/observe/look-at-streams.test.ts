import { conditionOf } from '../../../sql-runner/checks/stream-condition';
import { lookAtStreams } from '../../../sql-runner/observe/look-at-streams';
import { lookEarly } from '../../../sql-runner/observe/look-once';
import type { ApplyWorker } from '../../../sql-runner/postgres/catalog/apply-workers';
import type { SlotReader } from '../../../sql-runner/postgres/catalog/senders';
import { newWorld, type World } from '../support/fake-world';
import { following } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import { readingIn } from '../support/reading-in';

const WORKERS = 'AS "waitsForRelation"';
const READERS = 'AS "replySeconds"';

/** What is seen of the streams, by a clock that only pauses move on, and how often it was looked. */
async function seen(world: World) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(5_000_000);
  try {
    const streams = await readingIn(world, (reading) => lookAtStreams(reading, world.observation));
    return { ...streams!, times: world.log.filter((line) => line.includes(WORKERS)).length };
  } finally {
    clock.mockRestore();
  }
}

/** Both streams, with what differs of that of the database shop: of its worker, and of who reads its slot, by the number of the look. */
function looking(
  worker: (look: number) => Partial<ApplyWorker>,
  reader: (look: number) => Partial<SlotReader> = () => ({}),
): World {
  const world = newWorld(following);
  let look = 0;
  world.onSql = (sql) => {
    if (sql.includes(WORKERS))
      return [
        // Of others: one of the name in another database, and one beside it.
        { ...workerAtWork('acas_demo_shop', 'archive'), enabled: false },
        { ...workerAtWork('another', 'shop'), enabled: false },
        { ...workerAtWork('acas_demo_shop', 'shop'), ...worker((look += 1)) },
        workerAtWork('acas_demo_ledger', 'ledger'),
      ];
    return sql.includes(READERS)
      ? [{ ...readerAtWork('acas_demo_shop'), ...reader(look) }, readerAtWork('acas_demo_ledger')]
      : undefined;
  };
  world.survey.streams.timeouts.retryMs = 1_000;
  return world;
}
const behind = { confirmedLsn: '0/1' };
const stopped = { pid: null, startedAt: null, lastMessage: null };

test('one look is enough where every stream is decided', async () => {
  const { times, looks } = await seen(looking(() => ({})));
  expect(times).toBe(1);
  expect(looks.acas_demo_shop).toMatchObject({ seconds: 0, last: { worker: { database: 'shop', enabled: true } } });
  expect(looks.acas_demo_shop!.first).toBe(looks.acas_demo_shop!.last);
});

test('a stream that is not is looked at four times a second, until it is', async () => {
  const { times, looks } = await seen(
    looking(
      (look) => ({ lastMessage: look < 4 ? 'same' : 'another' }),
      () => behind,
    ),
  );
  expect(times).toBe(4);
  expect(looks.acas_demo_shop).toMatchObject({
    seconds: 0.75,
    first: { worker: { lastMessage: 'same' } },
    last: { worker: { lastMessage: 'another' } },
  });
});

const lets = (): void => undefined;
const takesLogin = ({ observation }: World): void => {
  Object.assign(observation.source.role!, { canLogin: false });
};
const refusesPassword = ({ observation }: World): void => {
  Object.assign(observation.source, { passwordWorks: false });
};
const runsNoWorkers = ({ survey }: World): void => {
  Object.assign(survey.streams.timeouts, { workers: 0 });
};

test.each<[string, number, Partial<ApplyWorker>, number, (world: World) => void]>([
  ['until a worker that ended must have been started again', 1_000, {}, 2, lets],
  ['for one try more where there is none', 1_000, stopped, 3, lets],
  ['for one try where the role may not log in, which is why', 1_000, stopped, 2, takesLogin],
  ['for one try where the source refuses the password', 1_000, stopped, 2, refusesPassword],
  ['for none where the clone runs no workers at all', 1_000, stopped, 1, runsNoWorkers],
  ['no longer than anybody would wait for a plan', 60_000, {}, 10, lets],
  ['no longer than that either where there is none', 8_000, stopped, 10, lets],
])('it is looked at %s', async (_, retryMs, worker, seconds, source) => {
  const world = looking(
    () => ({ ...worker }),
    () => behind,
  );
  world.survey.streams.timeouts.retryMs = retryMs;
  source(world);
  const { times, looks } = await seen(world);
  expect(looks.acas_demo_shop!.seconds).toBe(seconds);
  expect(times).toBe(seconds * 4 + 1);
});

const HERE = 5_000_000;

/** The look to begin with was made; reading all else took so long; then it is looked at until all is decided. */
async function seenAfter(world: World, readMs: number) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(HERE);
  try {
    return await readingIn(world, async (reading) => {
      const early = await lookEarly(reading, 2);
      clock.mockReturnValue(HERE + readMs);
      const streams = await lookAtStreams(reading, world.observation, early);
      return { ...streams!, times: world.log.filter((line) => line.includes(WORKERS)).length };
    });
  } finally {
    clock.mockRestore();
  }
}

test.each([
  [0, 3, 14],
  [2_000, 3, 6],
  [3_000, 3, 2],
  [60_000, 60, 2],
])('what reading all else takes, %d ms, is no more to be waited for', async (readMs, seconds, times) => {
  const seen = await seenAfter(
    looking(() => ({ ...stopped })),
    readMs,
  );
  expect(seen).toMatchObject({ times, looks: { acas_demo_shop: { seconds } } });
});

test('a stream that is decided by the later look is judged by that alone', async () => {
  const { looks } = await seenAfter(
    looking((look) => (look === 1 ? stopped : {})),
    1_000,
  );
  expect(looks.acas_demo_shop!.first).toBe(looks.acas_demo_shop!.last);
});

test('a worker that came and went between the two looks counts, although it is stopped at neither', async () => {
  const world = looking(
    (look) => ({ applyErrors: look }),
    () => behind,
  );
  const { looks, timeouts } = await seenAfter(world, 5_000);
  expect(conditionOf(looks.acas_demo_shop!, timeouts)).toBe('failing');
});

test('of few streams there is none', async () => {
  const world = looking(() => ({}));
  expect(await readingIn(world, (reading) => lookEarly(reading))).toBeNull();
  expect(world.log.filter((line) => line.includes(WORKERS))).toEqual([]);
});

test('where a side cannot be read there is no look to begin with', async () => {
  const world = looking(() => ({}));
  world.onSql = (sql) => {
    if (sql.includes(WORKERS)) throw new Error('the server said no');
    return undefined;
  };
  expect(await readingIn(world, (reading) => lookEarly(reading, 2))).toBeNull();
});

test('the table that a worker waits for is named, and asked for where it waits', async () => {
  const world = looking(() => ({
    waitsForRelation: 700,
    holders: [
      { pid: 1, user: 'app', application: 'psql', state: null, since: null, ageSeconds: null, statement: null },
    ],
  }));
  const { onSql } = world;
  const asked: unknown[] = [];
  world.onSql = (sql, at, values) => {
    if (!sql.includes('WHERE c.oid = $1::oid')) return onSql(sql, at, values);
    asked.push([at.side, at.database, ...values]);
    return [{ name: 'public.orders' }];
  };
  const { looks } = await seen(world);
  expect([looks.acas_demo_shop!.waitsFor, looks.acas_demo_ledger!.waitsFor]).toEqual(['public.orders', null]);
  expect(asked).toEqual([['target', 'shop', 700]]);
});

test.each<[string, (world: World) => unknown]>([
  ['there is no clone', ({ observation }) => (observation.target = null)],
  [
    'no database is on both sides',
    ({ observation: { source, target } }) => {
      source.databases.shop!.exists = false;
      target!.databases.ledger!.exists = false;
    },
  ],
])('nothing is looked at while %s', async (_, change) => {
  const world = looking(() => ({}));
  change(world);
  expect(await seen(world)).toEqual({ times: 0 });
});

test('a stream of which neither a worker nor a reader is there is seen as that', async () => {
  const world = newWorld(following);
  world.onSql = (sql) => (sql.includes(WORKERS) || sql.includes(READERS) ? [] : undefined);
  expect((await seen(world)).looks.acas_demo_shop).toMatchObject({
    last: { worker: null, reader: null },
    waitsFor: null,
  });
});
