import { formatMark, ownMark } from '../../../sql-runner/model/mark';
import { haveArrived, sendBeats, type SentBeat } from '../../../sql-runner/execute/heartbeat';
import { streamsOf } from '../../../sql-runner/model/streams';
import { executing } from '../support/executing';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { heartbeat } from '../support/heartbeats';
import { following } from '../support/observations';

const sending = (world: World) => executing(world, (execution) => sendBeats(execution, streamsOf(world.contract)));
const [source, target] = ['source', 'target'] as const;
const unmarked = { ...heartbeat('acas_demo_shop'), comment: null };
const elsewhere = { ...heartbeat('acas_demo_shop'), schema: 'acas_demo_other' };

test.each([
  ['it is on both sides', [], true],
  ['the source has none', [[source, []]], false],
  ['the clone has none', [[target, []]], false],
  [
    'neither has one',
    [
      [source, []],
      [target, []],
    ],
    false,
  ],
  ['what the clone has is not ours', [[target, [unmarked]]], false],
  ['the clone has that of another stream', [[target, [elsewhere]]], false],
] as const)('a beat is sent to a heartbeat where %s', async (_, there, expected) => {
  const world = newWorld(following);
  for (const [side, beats] of there) world.observation[side]!.databases.shop!.heartbeats = [...beats];
  const sent = await sending(world);
  expect(sent.map(({ of }) => of.database)).toEqual(expected ? ['shop', 'ledger'] : ['ledger']);
});

test('a beat is written, old ones are pruned, and the position behind it is noted on it', async () => {
  const world = newWorld(following);
  const written: [string, readonly unknown[]][] = [];
  world.onSql = (sql, { side, database }, values) =>
    side === 'source' &&
    database === 'shop' &&
    /^(BEGIN|COMMIT|SELECT pg_advisory_xact_lock|WITH last|UPDATE)/.test(sql)
      ? void written.push([sql.split(/\s/)[0]!, values])
      : undefined;
  const [beat] = await sending(world);
  expect(written).toEqual([
    ['BEGIN', []],
    ['SELECT', [expect.stringMatching(/^-?\d+$/)]],
    ['WITH', [100]],
    ['COMMIT', []],
    ['UPDATE', [beat!.id]],
  ]);
});

test.each([
  ['55P03', { code: 'LOCK_TIMEOUT', seen: 'a beat of acas_demo_shop waited in vain for a lock' }],
  [
    '42501',
    {
      code: 'BEAT_FAILED',
      seen: 'the heartbeat acas_demo_shop in database shop on the source cannot be used: 42501 (SQLSTATE 42501)',
    },
  ],
  ['57P01', { code: 'CONNECTION_LOST' }],
])('a beat that cannot be written is an error: %s', async (state, expected) => {
  const world = newWorld(following);
  world.onSql = (sql) => (sql.includes('INSERT INTO') ? sqlError(state) : undefined);
  await expect(sending(world)).rejects.toMatchObject(expected);
});

describe('a beat has arrived', () => {
  const beat = (number: number) => ({ id: `beat ${number}`, previous: null, number, at: 'noon', passed: '0/2000000' });
  const arrived = (world: World) =>
    executing(world, ({ connections }) => {
      const [of] = streamsOf(world.contract);
      return haveArrived(connections, [{ of: of!, id: 'beat 2' }] satisfies SentBeat[]);
    });
  /** Two beats on the source, and as many of them on the clone, whose origin stands there. */
  function beats(onClone: number, origin: string | null): World {
    const world = newWorld(following);
    const shop = world.observation.target!.databases.shop!;
    world.observation.source.databases.shop!.heartbeats![0]!.beats = [beat(1), beat(2)];
    shop.heartbeats![0]!.beats = [beat(1), beat(2)].slice(0, onClone);
    shop.streams.acas_demo_shop!.originProgress = origin;
    return world;
  }

  test.each([
    ['with those before it', 2, '0/3000000', true],
    ['not yet', 1, '0/1FFFFFF', false],
    ['not yet, of an origin that nobody knows', 1, null, false],
  ])('%s', async (_, onClone, origin, expected) => {
    expect(await arrived(beats(onClone, origin))).toBe(expected);
  });

  test.each([
    ['source', 'source'],
    ['target', 'clone'],
  ] as const)('is not known while the beats of the %s cannot be read', async (side, where) => {
    const world = beats(2, '0/3000000');
    world.onSql = (sql, at) =>
      at.side === side && sql.includes('previous::text, number::float8') ? sqlError('42501') : undefined;
    await expect(arrived(world)).rejects.toMatchObject({
      code: 'BEAT_FAILED',
      seen: expect.stringContaining(`in database shop on the ${where} cannot be used`),
    });
  });

  test('or was left out, where the clone has gone beyond it', async () => {
    await expect(arrived(beats(1, '0/2000000'))).rejects.toMatchObject({
      code: 'CONTINUITY_NOT_PROVEN',
      next: expect.stringContaining('sql-runner apply demo lets it go on and compares every row'),
    });
  });

  test('or the clone has one that the source does not know of', async () => {
    const world = beats(2, '0/2000000');
    world.observation.source.databases.shop!.heartbeats![0]!.beats = [beat(1)];
    await expect(arrived(world)).rejects.toMatchObject({ code: 'HISTORY_DIFFERS' });
  });

  test('as well, where every row was compared since one before it went', async () => {
    const world = beats(2, '0/3000000');
    world.observation.target!.databases.shop!.heartbeats![0]!.beats = [beat(2)];
    await expect(arrived(world)).rejects.toMatchObject({ code: 'CONTINUITY_NOT_PROVEN' });
    const own = world.observation.target!.subscriptions.find(({ database }) => database === 'shop')!;
    const mark = ownMark(own.comment, 'subscription', 'demo')!;
    Object.assign(own, { comment: formatMark({ ...mark, beat: { id: 'beat 1', number: 1 } }) });
    expect(await arrived(world)).toBe(true);
  });

  test('by the subscription of its stream, whichever else there is', async () => {
    const world = beats(1, '0/2000000');
    const clone = world.observation.target!;
    const own = clone.subscriptions.find(({ database }) => database === 'shop')!;
    clone.subscriptions.unshift({ ...own, name: 'theirs', oid: 1 });
    await expect(arrived(world)).rejects.toMatchObject({ code: 'CONTINUITY_NOT_PROVEN' });
    clone.subscriptions.splice(clone.subscriptions.indexOf(own), 1);
    expect(await arrived(world)).toBe(false);
  });
});
