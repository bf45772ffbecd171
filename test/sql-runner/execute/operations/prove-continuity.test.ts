import { proveContinuity } from '../../../../sql-runner/execute/operations/prove-continuity';
import { formatMark, ownMark } from '../../../../sql-runner/model/mark';
import { digestOf } from '../../../../sql-runner/resources/publication-rows';
import { answering, type Answers } from '../../support/answering';
import { comparable, type Kind } from '../../support/comparable';
import { executing } from '../../support/executing';
import { type World } from '../../support/fake-world';
import { subscription } from '../../support/observations';
import { PROOF } from '../../support/proof';
import { SUBSCRIPTION_MARK } from '../../support/subscription-mark';

const NAME = PROOF.slot;

/** A stream that is doubted, and what a comparison of its tables finds. */
function doubted(kinds: Record<string, Kind> = {}, answers: Answers = {}): World {
  const world = answering({ ...answers, ...comparable(kinds) });
  const comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  world.observation.target!.subscriptions.forEach((subscription) => (subscription.comment = comment));
  world.observation.target!.databases.shop!.streams[NAME]!.made = 'pg_16501 700';
  // What others have is read before ours.
  world.observation.source.slots.unshift({ ...world.observation.source.slots[0]!, name: 'another' });
  world.observation.target!.subscriptions.unshift(subscription('another', 'shop', { oid: 16400, comment }));
  return world;
}

const prove = (world: World) => executing(world, (execution) => proveContinuity(PROOF, execution));

/** What the comment on the subscription became; undefined: it was not written. */
function written({ log }: World) {
  const comment = log.flatMap(
    (line) => /^target shop: COMMENT ON SUBSCRIPTION "?acas_demo_shop"? IS '(.*)'$/.exec(line)?.[1] ?? [],
  )[0];
  return comment && ownMark(comment, 'subscription', 'demo');
}

test.each<[string, Record<string, Kind>]>([
  ['every row is equal', {}],
  ['the clone has a column of its own besides', { orders: 'wider' }],
])('where %s, the doubt is taken out of the mark, and what was compared is remembered', async (_, kinds) => {
  const world = doubted(kinds);
  await prove(world);
  expect(written(world)).toEqual({
    ...SUBSCRIPTION_MARK,
    made: 'pg_16501 700',
    reader: '4711 2026-01-02T03:00:00.000000Z',
    published: digestOf(undefined, undefined),
    compared: '0/4000000',
  });
  expect(world.events).toEqual([{ type: 'waiting', for: 'the comparison of every row of 2 tables of database shop' }]);
});

test('the alterations under which the rows were compared are those of the source since the clone', async () => {
  const rows = (self: string) => ({ self, members: {}, tables: {}, types: {} });
  const world = doubted();
  const { onSql } = world;
  world.onSql = (sql, at, values) => {
    if (!sql.includes('FROM pg_publication p ORDER BY 1')) return onSql(sql, at, values);
    return ['other', NAME].map((name) => ({
      name,
      self: name === NAME ? `of ${at.side}` : 'of none',
      allTables: false,
      schemas: [],
      comment: null,
    }));
  };
  await prove(world);
  expect(written(world)).toMatchObject({ published: digestOf(rows('of source'), rows('of target')) });
});

test('an origin that is not known is not remembered', async () => {
  const world = doubted({}, { "o.roname || ' ' || o.xmin AS made": () => [] });
  await prove(world);
  expect(written(world)).not.toHaveProperty('made');
});

test('rows are read by sessions that cannot write, for as long as it takes', async () => {
  const world = doubted();
  const opened: string[] = [];
  world.onConnect = ({ side, database, options }) => {
    if (options.includes('statement_timeout=0'))
      opened.push(`${side} ${database} ${/read_only=(\w+)/.exec(options)![1]}`);
    return undefined;
  };
  await prove(world);
  expect([...new Set(opened)].sort()).toEqual(['source shop on', 'target shop on']);
});

test.each<[string, Record<string, Kind>, string, string]>([
  [
    'one that differs',
    { orders: 'different' },
    'STREAM_BROKEN',
    '1 table is not equal on both sides: public.orders different',
  ],
  [
    'one that cannot be compared',
    { customers: 'unsupported' },
    'CONTINUITY_NOT_PROVEN',
    '1 table is not equal on both sides: public.customers unsupported',
  ],
  [
    'one that cannot be compared beside one that differs',
    { customers: 'unsupported', orders: 'different' },
    'STREAM_BROKEN',
    '2 tables are not equal on both sides: public.customers unsupported, public.orders different',
  ],
])(
  'with a table of both sides, %s, the stream stays in doubt, and what differs is remembered',
  async (_, kinds, code, seen) => {
    const world = doubted(kinds);
    await expect(prove(world)).rejects.toMatchObject({ code, seen: `database shop: ${seen}` });
    const differs = ['public.orders'];
    if (code === 'STREAM_BROKEN') expect(written(world)).toMatchObject({ unproven: expect.anything(), differs });
    else expect(written(world)).toBeUndefined();
  },
);

test('a publication that is gone meanwhile names no table, and nothing is proven by comparing none', async () => {
  const world = doubted();
  world.observation.source.databases.shop!.publications = [];
  await expect(prove(world)).rejects.toMatchObject({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: expect.stringMatching(NAME),
  });
  expect(written(world)).toBeUndefined();
});

describe('while nobody reads the slot', () => {
  test('nothing is compared, and that is said after a while', async () => {
    const world = doubted();
    world.observation.source.slots[1]!.active = false;
    const began = Date.now();
    let waited = 0;
    const { onSql } = world;
    world.onSql = (sql, at, values) => {
      waited = Date.now() - began;
      return onSql(sql, at, values);
    };
    await expect(prove(world)).rejects.toMatchObject({
      code: 'NOT_STREAMING',
      seen: expect.stringMatching(`slot ${NAME}:`),
    });
    expect(waited).toBeGreaterThanOrEqual(30_000);
    expect(written(world)).toBeUndefined();
  });

  test('the worker that has just been enabled is waited for', async () => {
    const world = doubted();
    let looks = 0;
    world.observation.source.slots[1]!.active = false;
    const { onSql } = world;
    world.onSql = (sql, at, values) => {
      if (sql.includes('to_jsonb(s) AS slot') && (looks += 1) === 3) world.observation.source.slots[1]!.active = true;
      return onSql(sql, at, values);
    };
    await prove(world);
    expect(looks).toBe(3);
    expect(written(world)).not.toHaveProperty('unproven');
  });
});

test.each<[string, (world: World) => unknown]>([
  ['is gone', ({ observation }) => observation.target!.subscriptions.pop()],
  ["became somebody else's", ({ observation }) => (observation.target!.subscriptions.at(-1)!.comment = null)],
])('a subscription that %s meanwhile is not written to', async (_, change) => {
  const world = doubted();
  expect(world.observation.target!.subscriptions.at(-1)!.name).toBe(NAME);
  change(world);
  await expect(prove(world)).rejects.toThrow(`subscription ${NAME} is no longer ours`);
  expect(written(world)).toBeUndefined();
});
