import { formatMark, type HeartbeatMark } from '../../../sql-runner/model/mark';
import type { SlotWitness } from '../../../sql-runner/model/slot-witness';
import { withSlotWitnesses } from '../../../sql-runner/observe/witness-slots';
import { slotReaders, type SlotReader } from '../../../sql-runner/postgres/catalog/senders';
import { tell } from '../support/facts';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { heartbeat } from '../support/heartbeats';
import { following } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import { readerAtWork } from '../support/surveyed-streams';

const [SHOP, LEDGER] = ['acas_demo_shop', 'acas_demo_ledger'];
const HERE = Date.parse('2026-11-29T14:00:10Z');
const CAME = '2026-11-29T14:00:09.000000Z';
const reader = (slot: string, more: Partial<SlotReader> = {}): SlotReader => ({
  ...readerAtWork(slot),
  pid: slot === SHOP ? 9 : 8,
  since: CAME,
  sinceSeconds: 1,
  ...more,
});
const start = (slot: string, pid: number, from: string, statement: string): string =>
  [
    `LOG:  starting logical decoding for slot "${slot}"`,
    `DETAIL:  Streaming transactions committing after ${from}, reading WAL from 0/1.`,
    `STATEMENT:  ${statement}`,
  ]
    .map((text) => `2026-11-29 14:00:09 UTC::acas_demo@shop:[${pid}]:${text}\n`)
    .join('');
const replicates = `START_REPLICATION SLOT "x" LOGICAL 0/1 ()`;
/** Of the readers that were there before. */
const BEFORE = start(SHOP, 1, '0/2E000000', replicates) + start(LEDGER, 2, '0/2E000000', replicates);
const NOW = start(SHOP, 9, '0/30000000', replicates) + start(LEDGER, 8, '0/30000000', replicates);
const CLEAN = BEFORE + NOW;
const MOVED = BEFORE + start(SHOP, 5, '0/2F000000', 'SELECT pg_replication_slot_advance()') + NOW;

function worldWith(
  log: string | null,
  readers = [reader(SHOP), reader(LEDGER)],
  note?: HeartbeatMark['witness'],
): World {
  const world = newWorld(following);
  world.cloneLog = log;
  tell(world.facts, slotReaders, () => readers);
  if (note !== undefined) {
    const marked = {
      ...heartbeat(SHOP),
      comment: formatMark({ kind: 'heartbeat', environment: 'demo', witness: note }),
    };
    world.observation.source.databases.shop!.heartbeats = [marked];
  }
  return world;
}

/** Looks by the same connections, so many milliseconds after the first. */
async function looks(world: World, ...afterMs: number[]) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(HERE);
  try {
    return await inWorld(world, async () => {
      const connections = world.opening(world.contracts, true);
      const seen: Record<string, SlotWitness>[] = [];
      for (const ms of [0, ...afterMs]) {
        clock.mockReturnValue(HERE + ms);
        const { source } = await withSlotWitnesses(connections.reading(), world.observation);
        seen.push(source.witnesses!);
      }
      await connections.close();
      return seen;
    });
  } finally {
    clock.mockRestore();
  }
}
const portions = ({ log }: World) => log.filter((one) => one.startsWith('aws DownloadDBLogFilePortion')).length;

test('the log is read once for all streams, and not again while the same ones read', async () => {
  const world = worldWith(MOVED);
  const [seen] = await looks(world, 1_000, 100_000);
  expect(seen![SHOP]).toMatchObject({ unread: null, move: { pid: 5, from: '0/2F000000', to: '0/30000000' } });
  expect(seen![LEDGER]).toMatchObject({ unread: null, since: '2026-11-29T14:00:09.000Z', move: null });
  expect(portions(world)).toBe(1);
});

test('a slot of ours that is gone is no doubt of another stream', async () => {
  const between = start(LEDGER, 7, '0/2F000000', replicates);
  const world = worldWith(BEFORE + between + start(SHOP, 9, '0/30000000', replicates), [reader(SHOP)]);
  const { source } = world.observation;
  Object.assign(source, { slots: source.slots.filter(({ name }) => name !== LEDGER) });
  const [seen] = await looks(world);
  expect(seen![SHOP]).toMatchObject({ unread: null, move: null });
});

test('it is when another one reads', async () => {
  const readers = [reader(SHOP), reader(LEDGER)];
  const world = worldWith(CLEAN, readers);
  let looked = 0;
  tell(world.facts, slotReaders, () =>
    (looked += 1) === 1 ? readers : [reader(SHOP, { since: `${CAME.slice(0, -2)}1Z` }), readers[1]!],
  );
  await looks(world, 1_000);
  expect(portions(world)).toBe(2);
});

test('a log without the start of one that has just come is read again at the next look, of an older one each minute', async () => {
  const young = worldWith(CLEAN.replaceAll('[9]', '[7]'));
  await looks(young, 1_000);
  expect(portions(young)).toBe(2);
  const older = worldWith(CLEAN.replaceAll('[9]', '[7]'), [reader(SHOP, { sinceSeconds: 600 }), reader(LEDGER)]);
  const seen = await looks(older, 1_000, 61_000);
  expect(portions(older)).toBe(2);
  expect(seen[0]![SHOP]!.unread).toContain('does not have the start of who reads now');
});

test('of readers that came longer ago than a log is read nobody asks for it, and that is said', async () => {
  const world = worldWith(
    MOVED,
    [SHOP, LEDGER].map((slot) => reader(slot, { sinceSeconds: 7_201 })),
  );
  const [seen] = await looks(world);
  expect(seen![SHOP]).toMatchObject({ unread: 'no log is read of more than 2 h ago', move: null });
  expect(world.log.filter((one) => /^aws Describe/.test(one))).toEqual([]);
});

describe('a slot that counts anew', () => {
  const counted = (txns: number, of = 'one') => ({ counted: { txns, of } });
  /** With where the slot was made, as its ticket has it, and where rows were compared. */
  const OF_CLONE = 'one 0/2000000 -';
  const back = { since: `${CAME.slice(0, -2)}1Z` };
  const then = (before: Partial<SlotReader>, ...after: Partial<SlotReader>[]) => {
    const world = worldWith(CLEAN);
    const all = [before, ...after];
    let look = 0;
    tell(world.facts, slotReaders, () => [reader(SHOP, all[look++]), reader(LEDGER)]);
    return looks(world, ...after.map((_, index) => (index + 1) * 1_000));
  };

  test('was made anew, which is told as long as it is not written down', async () => {
    const [first, second, third] = await then(counted(70), { ...back, ...counted(4) }, { ...back, ...counted(90) });
    expect(first![SHOP]!.move).toBeNull();
    for (const one of [second, third])
      expect(one![SHOP]!.move).toMatchObject({ to: null, counted: { before: 70, now: 4 } });
    expect(third![SHOP]!.counted).toEqual({ txns: 90, of: OF_CLONE });
  });

  test('is the same one where it counts on, or where the server counts anew', async () => {
    for (const after of [counted(71), counted(4, 'two'), { counted: null }]) {
      const [, second] = await then(counted(70), { ...back, ...after });
      expect(second![SHOP]!.move).toBeNull();
    }
  });

  test('is told by what was written down of it, too', async () => {
    const told = async (now: number, of = OF_CLONE) => {
      const note = { reader: 'another', since: null, until: null, move: null, ...counted(70, of) };
      const [seen] = await looks(worldWith(CLEAN, [reader(SHOP, counted(now)), reader(LEDGER)], note));
      return seen![SHOP]!.move;
    };
    expect(await told(69)).toMatchObject({ counted: { before: 70, now: 69 } });
    expect(await told(70)).toBeNull();
    // Counted of the slot that was there for another clone, or before rows were compared.
    expect(await told(69, 'one 0/1000000 -')).toBeNull();
    expect(await told(69, 'one 0/2000000 0/2500000')).toBeNull();
  });
});

const denied = (): Error => Object.assign(new Error('x'), { name: 'AccessDenied' });

test.each<[string, string | null, () => Error | undefined, RegExp]>([
  ['there is none', null, () => undefined, /has no log file of the last hours/],
  ['it may not be read', CLEAN, () => denied(), /^rds:DescribeDBLogFiles is not allowed in account 111111111111/],
])('where %s, the streams are told all the same', async (_, log, refusal, words) => {
  const world = worldWith(log);
  world.onAwsRefused = (call) => (call === 'DescribeDBLogFiles' ? refusal() : undefined);
  const [seen] = await looks(world);
  expect(seen![SHOP]).toMatchObject({ unread: expect.stringMatching(words), since: null, move: null });
});

const move = { at: 'x', pid: 4, by: null, from: '0/2E000000', to: '0/2E000001' };
const NOTE = { reader: `9 ${CAME}`, since: '2026-11-29T12:00:00.000Z', until: '2026-11-29T14:00:09.500Z', move: null };
const alone = (more: Partial<SlotReader> = {}) => [reader(SHOP, more), reader(LEDGER, { active: false })];

test('of a reader that was written down what was seen is known, and nobody asks', async () => {
  const world = worldWith(MOVED, alone(), { ...NOTE, move });
  const [seen] = await looks(world);
  expect(seen).toEqual({ [SHOP]: { ...NOTE, move, came: CAME, unread: null } });
  expect(portions(world)).toBe(0);
});

test('a move that was written down stays known, whoever reads, or nobody', async () => {
  const before = { ...NOTE, reader: '1 long ago', move };
  for (const readers of [alone(), alone({ active: false, pid: null, since: null })])
    for (const log of [CLEAN, null]) {
      const [seen] = await looks(worldWith(log, readers, before));
      expect(seen![SHOP]!.move).toEqual(move);
    }
});

test('what was looked at before goes on where the log reaches back to it; where it does not, that is said', async () => {
  const told = async (until: string) => {
    const [seen] = await looks(worldWith(NOW, alone(), { ...NOTE, reader: '1 before', until }));
    return seen![SHOP]!;
  };
  // Its first line is of some time in that second.
  expect(await told('2026-11-29T14:00:10.000Z')).toMatchObject({ unread: null, since: NOTE.since });
  const until = '2026-11-29T14:00:09.900Z';
  expect(await told(until)).toMatchObject({
    unread: 'read from 2026-11-29T14:00:09.000Z on, it does not reach back to the reader before',
    since: NOTE.since,
    until,
  });
});

test('a gap before one reader stays one when the next has come, until the log reaches back or rows are compared', async () => {
  const gap = { ...NOTE, reader: '1 before', until: '2026-11-29T14:00:01.000Z' };
  const next = start(SHOP, 11, '0/31000000', replicates).replaceAll('14:00:09', '14:00:12');
  const readers = [reader(SHOP), reader(LEDGER, { active: false })];
  const world = worldWith(NOW + next, readers, gap);
  let looked = 0;
  const later = [reader(SHOP, { pid: 11, since: CAME.replace('09', '12') }), readers[1]!];
  tell(world.facts, slotReaders, () => ((looked += 1) === 1 ? readers : later));
  world.cloneLog = NOW;
  const [first] = await looks(world);
  world.cloneLog = NOW + next;
  const [second] = await looks(world);
  for (const seen of [first, second]) expect(seen![SHOP]!.unread).toMatch(/does not reach back to the reader before$/);
  const { subscription } = world.observation.target!.databases.shop!.streams[SHOP]!;
  subscription!.comment = formatMark({ ...SUBSCRIPTION_MARK, compared: '0/31000000' });
  const [third] = await looks(world);
  expect(third![SHOP]).toMatchObject({ unread: null });
});
