import { troubleIn } from '../support/trouble';
import type { Code } from '../../../errors/codes';
import { type OperatorError } from '../../../errors/operator-error';
import type { PlanMode } from '../../../sql-runner/model/plan';
import { diagnose } from '../../../sql-runner/actions/doctor';
import { statusWithoutClone } from '../../../sql-runner/actions/status-without-clone';
import { tellingOfSource } from '../../../sql-runner/observe/unreachable-clone';
import { ConnectError } from '../../../sql-runner/postgres/connect-errors';
import { formatMark } from '../../../sql-runner/model/mark';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { following, slot } from '../support/observations';

const refusal = (code: Code = 'CONNECT_TOO_MANY', side: 'source' | 'target' = 'target') =>
  new ConnectError(side, { code, seen: 'it is not reached', why: 'so it is.', next: 'reach it' });

/** The error of a command that the cause has kept from its work. */
const telling = (world: World, mode: PlanMode | null, cause: unknown = refusal()): Promise<OperatorError> =>
  inWorld(world, () => tellingOfSource(world.opening, world.contracts, mode, () => Promise.reject(cause))).then(
    () => {
      throw new Error('it was done');
    },
    (error: OperatorError) => error,
  );
const nextOf = async (world: World, mode: PlanMode | null, code?: Code) =>
  (await telling(world, mode, refusal(code))).next;

const lost = (world: World, index: number) => (world.observation.source.slots[index]!.walStatus = 'lost');
const GOES_ON =
  /^reach it If the clone is gone for good: cdktf destroy demo-target, then at once sql-runner (\w+) demo again/;

test('what is done needs no source', async () => {
  const world = newWorld(following);
  expect(await inWorld(world, () => tellingOfSource(world.opening, world.contracts, 'apply', async () => 'done'))).toBe(
    'done',
  );
  expect(world.log).toEqual([]);
});

test.each<[string, (world: World) => unknown, unknown]>([
  ['is of the source', () => undefined, refusal('CONNECT_TOO_MANY', 'source')],
  ['is none of a connection', () => undefined, Object.assign(new Error('odd'), { side: 'target' })],
  ['is of a clone that is not deployed', ({ contracts }) => Object.assign(contracts, { target: null }), refusal()],
])('a cause that %s stays as it is, and nothing more is read', async (_, change, cause) => {
  const world = newWorld(following);
  change(world);
  expect(await telling(world, 'apply', cause)).toBe(cause);
  await expect(inWorld(world, () => statusWithoutClone(world.opening, world.contracts, cause))).rejects.toBe(cause);
  expect(world.log).toEqual([]);
});

describe('a teardown or a reset', () => {
  test.each<Code>([
    'CONNECT_REFUSED',
    'CONNECT_TIMEOUT',
    'CONNECT_HOST_UNKNOWN',
    'CONNECT_FAILED',
    'AWS_NOT_FOUND',
    'ADMIN_SECRET_EMPTY',
  ])('goes on without a clone that may be gone for good: %s', async (code) => {
    for (const mode of ['teardown', 'reset'] as const)
      expect(GOES_ON.exec(await nextOf(newWorld(following), mode, code))?.[1]).toBe(mode);
  });

  test.each<Code>(['CONNECT_AUTH', 'CONNECT_TOO_MANY', 'CONNECT_NOT_READY', 'CONNECT_HELD_UP'])(
    'waits for one that answers: %s',
    async (code) => {
      for (const mode of ['teardown', 'reset'] as const)
        expect(await nextOf(newWorld(following), mode, code)).toBe('reach it');
    },
  );

  test('wants the clone back also where a slot is lost, whatever it would be good for', async () => {
    const world = newWorld(following);
    lost(world, 0);
    expect(await nextOf(world, 'reset', 'CONNECT_AUTH')).toBe('reach it');
  });

  test('knows of streams that the environment names no more, where it removes them', async () => {
    const world = newWorld(following);
    const comment = formatMark({
      kind: 'publication',
      environment: 'demo',
      slot: 'acas_demo_old',
      ticket: { nonce: world.contracts.target!.ticketNonce, confirmedFlushLsn: '0/1' },
    });
    const name = 'acas_demo_old';
    world.observation.source.inheritable.publications = [
      { ...INHERITABLE.publications[0]!, database: 'shop', name, comment },
    ];
    world.observation.source.databases.shop!.publications.push({
      ...world.observation.source.databases.shop!.publications[0]!,
      name,
      comment,
    });
    world.observation.source.slots.push(slot(name, 'shop', { walStatus: 'lost' }));
    expect((await telling(world, 'teardown')).seen).toMatch(/\n {2}and SLOT_LOST: replication slot acas_demo_old /);
    expect((await telling(world, 'apply')).seen).toBe('it is not reached');
  });
});

for (const mode of ['apply', null] as const)
  describe(`any other command (${mode})`, () => {
    test('waits for the clone, whatever keeps it from it', async () => {
      expect(await nextOf(newWorld(following), mode, 'CONNECT_REFUSED')).toBe('reach it');
      const world = newWorld(following);
      for (const { publications } of Object.values(world.observation.source.databases)) publications[0]!.comment = null;
      expect(await nextOf(world, mode)).toBe('reach it');
    });

    test.each([0, 1])('is told of a clone that no stream can follow again: %i', async (index) => {
      const world = newWorld(following);
      lost(world, index);
      expect(await nextOf(world, mode)).toMatch(/^no clone can follow it again/);
    });

    test('is told to replace the clone of an earlier ticket, only where it is one for every stream', async () => {
      const earlier = newWorld(following);
      Object.assign(earlier.contracts.target!, { ticketNonce: 'older' });
      expect(await nextOf(earlier, mode)).toBe(
        'it is the clone of an earlier ticket: cdktf deploy demo-target, which replaces it',
      );
      const one = newWorld(following);
      const [publication] = one.observation.source.databases.shop!.publications;
      publication!.comment = publication!.comment!.replace(one.contracts.target!.ticketNonce, 'newer');
      expect(await nextOf(one, mode)).toBe('reach it');
      publication!.comment = publication!.comment.replace(/,"ticket":.*}/, '}');
      Object.assign(one.contracts.target!, { ticketNonce: 'older' });
      expect(await nextOf(one, mode)).toBe('reach it');
    });
  });

describe('status without the clone', () => {
  const status = (world: World) => inWorld(world, () => statusWithoutClone(world.opening, world.contracts, refusal()));
  const shop = async (world: World) => (await status(world)).streams[0]!;

  test.each([
    ['0/3FFFFF0', '0/4000000', 16],
    ['0/4000000', '0/4000000', 0],
    ['0/4000001', '0/4000000', 0],
  ])('shows how far a slot at %s of a source at %s is', async (confirmed, flushLsn, lagBytes) => {
    const world = newWorld(following);
    world.observation.source.slots[0]!.confirmedFlushLsn = confirmed;
    world.observation.source.server.flushLsn = flushLsn;
    expect(await shop(world)).toMatchObject({ confirmedLsn: confirmed, lagBytes });
  });

  test.each([
    ['whose position is not known', (world: World) => (world.observation.source.slots[0]!.confirmedFlushLsn = null)],
    [
      'of a source that tells none',
      (world: World) => (world.observation.source.server.flushLsn = null as unknown as string),
    ],
  ])('shows no distance of a slot %s', async (_, change) => {
    const world = newWorld(following);
    change(world);
    expect((await shop(world)).lagBytes).toBeNull();
  });

  test('shows each slot as it is, and of a lost one what is to be done, which is not to reach the clone', async () => {
    const world = newWorld(following);
    lost(world, 1);
    const { unread, streams } = await status(world);
    expect(streams.map((one) => [one.walStatus, troubleIn(one)])).toEqual([
      ['reserved', null],
      ['lost', expect.stringMatching(/^SLOT_LOST: replication slot acas_demo_ledger .*; no clone can follow it again/)],
    ]);
    expect(unread!.next).toBe('');
    expect((await status(newWorld(following))).unread!.next).toBe('reach it');
  });

  test('says what RDS says of the clone, or that it is not known', async () => {
    expect((await status(newWorld(following))).unread!.seen).toBe(
      'it is not reached; RDS says that cluster demo-clone is available',
    );
    const world = newWorld(following);
    const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
    world.onAwsRefused = (call) => (call === 'DescribeDBClusters' ? denied : undefined);
    // The source is read by the same call.
    await expect(status(world)).rejects.toMatchObject({ code: 'CONNECT_TOO_MANY' });
  });

  test('says that the ticket was not read where its account refuses', async () => {
    const world = newWorld(following);
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: {} });
    world.onAwsRefused = (call) => (call === 'GetParameter' ? denied : undefined);
    expect((await status(world)).ticket).toBe('not read');
    const none = newWorld(following);
    none.observation.ticket = null;
    expect((await status(none)).ticket).toBe('unpublished');
  });
});

test('doctor tells of the clone alone where the source is not read a second time', async () => {
  const world = newWorld(following);
  let refused = 0;
  let isRead = false;
  world.onConnect = ({ side, database }) => {
    // What is read of the source beside the clone is read; what is read because of it is not.
    isRead ||= refused > 0 && world.open.size === 0 && world.log.some((line) => line.startsWith('source'));
    if (side === 'target' && database === 'ledger') return sqlError('53300', `too many, ${(refused += 1)}`);
    return isRead ? sqlError('28P01') : undefined;
  };
  const { results } = await inWorld(world, () => diagnose(world.opening, world.contracts));
  const { findings } = results.find(({ code }) => code === 'CONNECT_TOO_MANY')!;
  expect(isRead).toBe(true);
  expect(findings.map(({ seen }) => seen).sort()).toEqual(
    Array.from({ length: refused }, (_, n) => expect.stringMatching(`too many, ${n + 1}`)),
  );
  expect(findings.map(({ why }) => why).join()).not.toContain('Meanwhile');
});
