import { lookAtStreams } from '../../../sql-runner/observe/look-at-streams';
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
  ['for one try where the clone runs no workers at all', 1_000, stopped, 2, runsNoWorkers],
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
