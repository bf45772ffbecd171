import { isEqual, verifyEnvironment, type Verification, type VerifyRequest } from '../../../sql-runner/actions/verify';
import { answering, type Answers } from '../support/answering';
import { comparable, type Kind } from '../support/comparable';
import { inWorld, type World } from '../support/fake-world';
import { table } from '../support/tables';

const VIEWS = "WHERE c.relkind = 'm' AND";
const LEFT_OUT = 'pg_largeobject_metadata';

/** A world whose tables are equal but for those that are not. */
const world = (kinds: Record<string, Kind> = {}, answers: Answers = {}): World =>
  answering({ [VIEWS]: () => [], ...answers, ...comparable(kinds) });

async function verified(of: World, request: Partial<VerifyRequest> = {}) {
  const told: string[] = [];
  const onVerdict: VerifyRequest['onVerdict'] = ({ database, name, status }) =>
    void told.push(`${database} ${name} ${status}`);
  const found = await inWorld(of, () =>
    verifyEnvironment(of.opening, of.contracts, {
      databases: [],
      concurrency: 1,
      settleTimeoutMs: 1_000,
      statementTimeoutMs: 0,
      onVerdict,
      ...request,
    }),
  );
  expect(of.open.size).toBe(0);
  return { ...found, told, tables: found.tables.map(({ database, name, status }) => `${database} ${name} ${status}`) };
}

const ALL = ['shop customers equal', 'shop orders equal', 'ledger customers equal', 'ledger orders equal'];

test('every table of every stream is compared, told as soon as it is, and nothing else is to be said', async () => {
  const opened = new Set<string>();
  const of = world();
  of.onConnect = ({ options }) => {
    if (options.includes('statement_timeout=0')) opened.add(/read_only=(\w+)/.exec(options)![1]!);
    return undefined;
  };
  expect(await verified(of)).toEqual({ tables: ALL, told: ALL, notReplicated: [], doubts: [], notCompared: [] });
  expect([...opened]).toEqual(['on']);
});

test('how far each table is can be heard: begun, read, compared and finished, in this order', async () => {
  const heard: string[] = [];
  await verified(world(), {
    databases: ['ledger'],
    onEvent: (database, { kind }) => heard.push(`${database} ${kind}`),
  });
  const one = ['table-started', 'reading', 'buckets-compared', 'table-finished'].map((kind) => `ledger ${kind}`);
  expect(heard).toEqual([...one, ...one]);
});

test('one that differs, or cannot be compared, is a verdict like others', async () => {
  const { tables } = await verified(world({ orders: 'different', customers: 'unsupported' }), {
    databases: ['ledger'],
  });
  expect(tables).toEqual(['ledger customers unsupported', 'ledger orders different']);
});

test('databases that were not asked for are said to be left out; one that is none of the environment is refused', async () => {
  expect(await verified(world(), { databases: ['ledger'] })).toMatchObject({
    tables: ALL.slice(2),
    notCompared: ['the other databases of the environment'],
  });
  await expect(verified(world(), { databases: ['ledger', 'other'] })).rejects.toMatchObject({
    code: 'DATABASE_UNKNOWN',
    seen: 'environment demo does not replicate database other',
    next: 'choose from: shop, ledger',
  });
});

test('what has rows and is not compared is counted and named, by database', async () => {
  const of = world(
    {},
    {
      [VIEWS]: ({ database }) => (database === 'shop' ? [{ schema: 'public', name: 'totals' }] : []),
      [LEFT_OUT]: ({ database }) => [
        { sequences: database === 'shop' ? 2 : 0, largeObjects: database === 'shop' ? 3 : 0, materializedViews: 0 },
      ],
    },
  );
  of.observation.source.databases.shop!.tables.push(table('made_later'), table('cache', { persistence: 'unlogged' }));
  expect((await verified(of)).notCompared).toEqual([
    'database shop: 1 table that the environment selects and no stream replicates: public.made_later; 1 table unlogged: public.cache; 1 materialized view: public.totals; 2 sequences; 3 large objects, which sql-runner plan demo --large-objects compares',
  ]);
});

test('columns that the clone has besides are no difference, and said to be left out', async () => {
  const { tables, notCompared } = await verified(world({ orders: 'wider' }));
  expect(tables).toEqual(ALL);
  expect(notCompared).toEqual([
    'database shop: 1 column that only the clone has: public.orders.own',
    'database ledger: 1 column that only the clone has: public.orders.own',
  ]);
  expect((await verified(world({ orders: 'wider' }), { databases: ['ledger'] })).notCompared).toEqual([
    'database ledger: 1 column that only the clone has: public.orders.own',
    'the other databases of the environment',
  ]);
});

test('tables that left the publication are named with their database', async () => {
  const of = world();
  of.observation.source.databases.ledger!.publications[0]!.tables.shift();
  expect((await verified(of)).notReplicated).toEqual([
    {
      database: 'ledger',
      schema: 'public',
      name: 'customers',
      reason: 'taken out of the publication since the clone was taken',
    },
  ]);
});

test('doubts are those of before the comparison and of after it, each once', async () => {
  const of = world();
  const { onSql } = of;
  of.observation.source.databases.shop!.publications[0]!.tables.shift();
  const before = (await verified(of)).doubts;
  expect(before).toHaveLength(1);
  // The clone is written to meanwhile, and what was known before is known still.
  of.onSql = (sql, at, values) => {
    if (sql.includes('AS got')) of.observation.target!.subscriptions.forEach((one) => (one.enabled = false));
    return onSql(sql, at, values);
  };
  const { doubts } = await verified(of);
  expect([doubts.slice(0, 1), doubts.length > 1]).toEqual([before, true]);
});

describe('nothing is compared', () => {
  test.each<[string, (of: World) => unknown, string]>([
    ['without a clone', (of) => Object.assign(of.contracts, { target: null }), 'TARGET_NOT_DEPLOYED'],
    [
      'without a publication',
      ({ observation }) => (observation.source.databases.ledger!.publications = []),
      'NOT_PREPARED',
    ],
    [
      'without a publication of its name',
      ({ observation }) => (observation.source.databases.ledger!.publications[0]!.name = 'renamed'),
      'NOT_PREPARED',
    ],
    [
      "by somebody else's publication",
      ({ observation }) => (observation.source.databases.ledger!.publications[0]!.comment = null),
      'NOT_PREPARED',
    ],
    [
      'while nobody reads the slot',
      ({ observation }) => (observation.source.slots[1]!.active = false),
      'NOT_STREAMING',
    ],
  ])('%s', async (_, change, code) => {
    const of = world();
    change(of);
    await expect(verified(of, { databases: ['ledger'] })).rejects.toMatchObject({ code });
  });

  test('but a worker that is just being started again is waited for', async () => {
    const of = world();
    let looks = 0;
    const { onSql } = of;
    of.onSql = (sql, at, values) => {
      const { slots } = of.observation.source;
      if (sql.includes('to_jsonb(s) AS slot') && at.side === 'source') slots[1]!.active = (looks += 1) > 6;
      return onSql(sql, at, values);
    };
    expect((await verified(of)).tables).toEqual(ALL);
  });
});

test.each<[string, Partial<Verification>, boolean]>([
  ['all tables are equal', {}, true],
  ['no table was compared', { tables: [] }, false],
  [
    'one is not',
    { tables: ['equal', 'unsettled'].map((status) => ({ status })) as unknown as Verification['tables'] },
    false,
  ],
  ['one is not replicated any more', { notReplicated: [{}] as unknown as Verification['notReplicated'] }, false],
  ['one stream is in doubt', { doubts: ['so it is'] }, false],
  ['what was not asked for was not compared', { notCompared: ['2 sequences'] }, true],
])('both sides are called equal where %s: %p', (_, found, expected) => {
  const tables = [{ status: 'equal' }] as unknown as Verification['tables'];
  expect(isEqual({ tables, notReplicated: [], doubts: [], notCompared: [], ...found })).toBe(expected);
});
