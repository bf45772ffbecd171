import { changeOf, type Operation } from '../../../../sql-runner/model/change';
import { formatMark, ownMark, type SubscriptionMark } from '../../../../sql-runner/model/mark';
import { execute } from '../../../../sql-runner/execute/execute';
import { executing } from '../../support/executing';
import { newWorld, type World } from '../../support/fake-world';
import { following } from '../../support/observations';
import { SUBSCRIPTION_MARK } from '../../support/subscription-mark';

const NAME = 'acas_demo_shop';
const WORKERS = 'AS "waitsForRelation"';
const hold = (released = false): Operation => ({
  kind: 'hold-stream',
  place: { side: 'target', database: 'shop' },
  environment: 'demo',
  subscription: NAME,
  slot: NAME,
  released,
});

/** A worker that ends at the so manieth look, and the slot that it leaves. */
function ending(looks: number, mark: SubscriptionMark = SUBSCRIPTION_MARK, enabled = true): World {
  const world = newWorld(following);
  const one = world.observation.target!.subscriptions.find(({ name }) => name === NAME);
  const comment = formatMark(mark);
  for (const found of [one!, world.observation.target!.databases.shop!.streams[NAME]!.subscription!])
    Object.assign(found, { comment, enabled });
  const slot = world.observation.source.slots.find(({ name }) => name === NAME)!;
  let seen = 0;
  world.onSql = (sql) => {
    if (!sql.includes(WORKERS)) return undefined;
    seen += 1;
    if (seen < looks) return [{ database: 'shop', subscription: NAME, pid: 1 }];
    Object.assign(slot, { active: false, activePid: null });
    return [
      { database: 'shop', subscription: NAME, pid: null },
      { database: 'ledger', subscription: NAME, pid: 7 },
      { database: 'shop', subscription: 'another', pid: 8 },
    ];
  };
  return world;
}

async function carriedOut(world: World, operation: Operation): Promise<string[]> {
  const change = changeOf({
    address: { side: 'target', kind: 'subscription-hold' },
    action: 'update',
    reason: '',
    preview: [],
    operation,
  });
  await executing(world, (execution) => execute(change, execution));
  return writes(world);
}
const writes = ({ log }: World) =>
  log.filter((line) => /^target shop: (BEGIN|COMMIT|ALTER|COMMENT|SET LOCAL)/.test(line)).map((line) => line.slice(13));
const held = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const text = / IS '(.*)'$/.exec(line)?.[1];
    return text === undefined ? [] : [ownMark(text, 'subscription', 'demo')!];
  });

test('it is marked as held in the transaction that disables it, and again, on disk, once its worker is gone', async () => {
  const world = ending(3);
  const lines = await carriedOut(world, hold());
  expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'BEGIN',
    'SET LOCAL',
    'ALTER SUBSCRIPTION',
    'COMMENT ON',
    'COMMIT',
    'BEGIN',
    'SET LOCAL',
    'COMMENT ON',
    'COMMIT',
  ]);
  expect(lines[1]).toBe('SET LOCAL synchronous_commit = local');
  const [first, second] = held(lines);
  expect(first!.held).toMatchObject({ open: true, version: expect.any(Number) });
  expect(second).toEqual({ ...first, held: { ...first!.held, open: undefined } });
  expect(Number.isNaN(Date.parse(second!.held!.at))).toBe(false);
  const looks = world.log.findLastIndex((line) => line.includes(WORKERS));
  expect(world.log.findLastIndex((line) => line.includes('COMMENT ON'))).toBeGreaterThan(looks);
});

test('a worker or a reader that does not end is an error, after which the hold is not recorded whole', async () => {
  const world = ending(Infinity);
  await expect(carriedOut(world, hold())).rejects.toMatchObject({ code: 'SLOT_ACTIVE' });
  expect(held(writes(world)).map((mark) => mark.held!.open)).toEqual([true]);
  const read = ending(1);
  const asWorkers = read.onSql;
  read.onSql = (sql, at, values) => {
    const answer = asWorkers(sql, at, values);
    read.observation.source.slots.find(({ name }) => name === NAME)!.active = true;
    return answer;
  };
  await expect(carriedOut(read, hold())).rejects.toMatchObject({ code: 'SLOT_ACTIVE' });
});

const RECORD = { at: '2026-01-02T03:04:05.000Z', origin: '0/1', confirmed: '0/2', version: 170_000 };

test('one that a dead run left is recorded where it stands, and doubted', async () => {
  const open = { ...SUBSCRIPTION_MARK, held: { ...RECORD, open: true as const } };
  const [mark, ...more] = held(await carriedOut(ending(1, open, false), hold()));
  expect(more).toEqual([]);
  const { origin, confirmed } = mark!.held!;
  expect(mark).toMatchObject({ unproven: { origin, confirmed }, held: { at: RECORD.at } });
  expect(mark!.held!.open).toBeUndefined();
  expect([origin, confirmed]).not.toContain('0/1');
});

test('one that was recorded is left alone, or gives its slot up; one that was enabled since is held anew', async () => {
  const mark = { ...SUBSCRIPTION_MARK, held: RECORD };
  expect(await carriedOut(ending(1, mark, false), hold())).toEqual([]);
  expect(held(await carriedOut(ending(1, mark, false), hold(true)))).toEqual([
    { ...mark, held: { ...RECORD, released: true } },
  ]);
  const [, anew] = held(await carriedOut(ending(1, mark, true), hold(true)));
  expect(anew!.held).toMatchObject({ released: true });
  expect([anew!.held!.at, anew!.unproven]).not.toContain(RECORD.at);
});

test('one that is not ours any more, or has no position, stays as it is', async () => {
  const foreign = ending(1);
  for (const one of foreign.observation.target!.subscriptions) one.comment = null;
  await expect(carriedOut(foreign, hold())).rejects.toMatchObject({ code: 'CHANGE_FAILED' });
  const gone = ending(1);
  gone.observation.source.slots = [];
  await expect(carriedOut(gone, hold())).rejects.toMatchObject({ code: 'CHANGE_FAILED' });
  expect([...writes(foreign), ...writes(gone)]).toEqual([]);
});
