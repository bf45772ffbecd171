import { sequences } from '../../../../sql-runner/postgres/catalog/sequences';
import type { Session } from '../../../../sql-runner/postgres/session';
import { SequenceSides, taken } from '../../support/sequence-sides';
import { from } from '../../../support/postgres-major';
import { openSession, targetOf } from '../../postgres/sessions';

const EXACT = { headroom: 0, putBack: false };

let sides: SequenceSides;
beforeAll(async () => {
  sides = await SequenceSides.start();
});
afterAll(() => sides?.test.stop());
beforeEach(async () => {
  for (const database of ['shop', 'copy'] as const)
    await sides.on(database, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
});

const both = async (sql: string) => {
  for (const database of ['shop', 'copy'] as const) await sides.on(database, sql);
};
const there = async (count: number, name = 's') => taken(await sides.client('shop'), name, count);
const here = async (count: number, name = 's', session = '') => taken(await sides.client('copy', session), name, count);
const positions = async (side: 'source' | 'target') =>
  Object.fromEntries((await sequences(sides.readers[side])).map(({ name, position }) => [name, position]));

it('takes the values out of the caches of sessions that had them before', async () => {
  await both('CREATE SEQUENCE s CACHE 10');
  expect(await here(2, 's', 'old')).toEqual([1n, 2n]);
  await there(35);
  expect(await sides.catchUp(EXACT)).toBe(1);
  expect(await here(2, 's', 'old')).toEqual([41n, 42n]);
  expect(await sides.catchUp(EXACT)).toBe(0);
});

it('leaves how it is made as it was', async () => {
  await both('CREATE SEQUENCE s INCREMENT 3 MINVALUE -5 MAXVALUE 900 START 4 CACHE 7 CYCLE');
  const made = async () => (await sequences(sides.readers.target)).map(({ position: _, ...one }) => one);
  const before = await made();
  await there(9);
  await sides.catchUp({ headroom: 5, putBack: false });
  expect(await made()).toEqual(before);
});

it('names who has one in an open transaction, and sets the others', async () => {
  await both('CREATE SEQUENCE a; CREATE SEQUENCE s; CREATE SEQUENCE z');
  for (const name of ['a', 's', 'z']) await there(5, name);
  const busy = await sides.client('copy', 'busy');
  await busy.query(`BEGIN; SELECT nextval('s')`);
  const said = await sides.catchUp(EXACT).catch((error: unknown) => error);
  await busy.query('COMMIT');
  expect(said).toMatchObject({
    code: 'SEQUENCES_NOT_SET',
    seen: expect.stringMatching(
      /^in database copy of the clone 1 of 3 sequences were not set: public\.s: it waited 1 s in vain for a lock on public\.s, held by process \d+ of master/,
    ),
  });
  expect(await positions('target')).toMatchObject({ a: { last: '5' }, s: { last: '1' }, z: { last: '5' } });
  expect(await sides.catchUp(EXACT)).toBe(1);
  expect(await here(1)).toEqual([6n]);
});

it.each<[string, string, string]>([
  ['was dropped on the clone', `DROP SEQUENCE s`, 'relation "public.s" does not exist'],
  [
    'has got its name',
    `ALTER SEQUENCE s RENAME TO other; CREATE SEQUENCE s START 3`,
    'another sequence has its name by now',
  ],
  ['counts the other way', `ALTER SEQUENCE s INCREMENT -1`, 'it counts the other way by now'],
  ['ends earlier', `ALTER SEQUENCE s MAXVALUE 4`, 'it may not have the value of the source by now'],
])('one that %s after the plan is named, and the others are set', async (_, sql, words) => {
  await both('CREATE SEQUENCE s; CREATE SEQUENCE z');
  await there(9);
  await there(9, 'z');
  await expect(sides.catchUp(EXACT, () => sides.on('copy', sql))).rejects.toMatchObject({
    code: 'SEQUENCES_NOT_SET',
    seen: expect.stringContaining(words),
  });
  expect(await positions('target')).toMatchObject({ z: { last: '9', called: true } });
});

it('takes the position of the moment, and follows no other sequence of that name on the source', async () => {
  await both('CREATE SEQUENCE s');
  await there(3);
  await sides.catchUp(EXACT, () => there(4));
  expect(await here(1)).toEqual([8n]);
  await there(10);
  const other = () => sides.on('shop', `ALTER SEQUENCE s RENAME TO former; CREATE SEQUENCE s START 900`);
  await expect(sides.catchUp(EXACT, other)).rejects.toMatchObject({
    seen: expect.stringContaining('public.s: on the source it has gone, or has another name'),
  });
  expect(await positions('target')).toMatchObject({ s: { last: '8' } });
});

it('puts none back that has gone ahead since the plan, unless that was reviewed', async () => {
  await both('CREATE SEQUENCE s');
  await there(5);
  await sides.catchUp({ headroom: 0, putBack: true }, () => here(50));
  expect(await here(1)).toEqual([51n]);
  await sides.catchUp({ headroom: 0, putBack: true });
  expect(await here(1)).toEqual([6n]);
});

it('keeps numbers exact that no Number holds', async () => {
  await both('CREATE SEQUENCE s INCREMENT 3');
  await sides.on('shop', `SELECT setval('s', 9007199254740993)`);
  await sides.catchUp(EXACT);
  expect(await here(1)).toEqual([9_007_199_254_740_996n]);
  await sides.on('shop', `SELECT setval('s', 9223372036854775806)`);
  // Headroom would lead beyond the end.
  expect(await sides.catchUp({ headroom: 5, putBack: false })).toBe(1);
  expect(await here(1)).toEqual([]);
});

it('gives no value twice on the clone while its users go on', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  await both(names.map((name, index) => `CREATE SEQUENCE ${name} CACHE ${1 + (index % 3)};`).join(' '));
  const values: Record<string, bigint[]> = Object.fromEntries(names.map((name) => [name, []]));
  let done = false;
  const users = ['one', 'two', 'three'].map(async (session) => {
    while (!done) for (const name of names) values[name]!.push(...(await here(1, name, session)));
  });
  try {
    for (let round = 0; round < 4; round += 1) {
      for (const name of names) await there(25, name);
      await sides.catchUp(EXACT);
    }
  } finally {
    done = true;
    await Promise.all(users);
  }
  for (const name of names) expect([name, new Set(values[name]).size]).toEqual([name, values[name]!.length]);
});

describe('reading', () => {
  it('goes on around what somebody has locked, soon, and keeps nobody waiting', async () => {
    await both('CREATE SEQUENCE s; CREATE SEQUENCE t; CREATE TABLE of (id serial)');
    await there(2, 't');
    const owner = await sides.client('shop', 'owner');
    await owner.query('BEGIN; ALTER SEQUENCE s OWNER TO CURRENT_USER; TRUNCATE "of" RESTART IDENTITY');
    const began = Date.now();
    const seen = await positions('source');
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(seen).toEqual({ s: 'locked', t: { last: '2', called: true }, of_id_seq: 'locked' });
    await owner.query('ROLLBACK');
    expect(await positions('source')).toMatchObject({ s: { last: '1', called: false } });
  });

  it('says of which it lacks the right, and of which the schema is closed', async () => {
    const admin = await sides.test.cluster.adminClient('shop');
    await admin.query(
      `CREATE SCHEMA shut; CREATE SEQUENCE shut.inside; CREATE SEQUENCE public.other; CREATE SEQUENCE public.open;
       CREATE ROLE passer LOGIN PASSWORD 'x'; GRANT CONNECT ON DATABASE shop TO passer; GRANT USAGE ON SCHEMA public TO passer;
       GRANT SELECT ON SEQUENCE public.open, shut.inside TO passer`,
    );
    const login = { ...targetOf(sides.test, 'shop'), user: 'passer', password: 'x' };
    const session = await openSession(login);
    const found = await sequences(session);
    await session.close();
    await admin.query('DROP SCHEMA shut CASCADE; DROP SEQUENCE public.other, public.open');
    await admin.end();
    expect(found.map(({ name, position, isOurs }) => [name, position, isOurs])).toEqual([
      ['inside', 'schema', false],
      ['other', 'right', false],
      ['open', { last: '1', called: false }, false],
    ]);
  });

  it('tells unlogged ones and those of columns apart, with hostile names', async () => {
    await both(
      `CREATE UNLOGGED TABLE fleeting (id serial); CREATE TABLE "a b" ("ID" int GENERATED ALWAYS AS IDENTITY);
       CREATE SEQUENCE "it's <a> %s & ""b"""; CREATE TEMPORARY SEQUENCE passing`,
    );
    if (from(15)) await both('CREATE UNLOGGED SEQUENCE quick');
    await there(4, `"it's <a> %s & ""b"""`);
    const found = await sequences(sides.readers.source);
    const told = Object.fromEntries(
      found.map(({ name, leftOut, ownedBy, position }) => [name, { leftOut, ownedBy, position }]),
    );
    expect(told).toMatchObject({
      fleeting_id_seq: { leftOut: 'unlogged', ownedBy: { table: 'fleeting', identity: false } },
      'a b_ID_seq': { leftOut: null, ownedBy: { table: 'a b', column: 'ID', identity: true } },
      'it\'s <a> %s & "b"': { leftOut: null, ownedBy: null, position: { last: '4', called: true } },
      ...(from(15) ? { quick: { leftOut: 'unlogged' } } : {}),
    });
    expect(Object.keys(told)).toHaveLength(from(15) ? 4 : 3);
    await sides.catchUp(EXACT);
    expect(await here(1, `"it's <a> %s & ""b"""`)).toEqual([5n]);
    await both('DISCARD TEMP');
  });

  it('reads thousands of them in few statements', async () => {
    await sides.on(
      'shop',
      `DO $$ BEGIN FOR n IN 1..2000 LOOP EXECUTE format('CREATE SEQUENCE n%s', n); END LOOP; END $$`,
    );
    let asked = 0;
    const { source } = sides.readers;
    const query = <T extends object>(sql: string): Promise<T[]> => {
      asked += 1;
      return source.query<T>(sql);
    };
    const counting: Session = { ...source, query };
    const began = Date.now();
    expect(await sequences(counting)).toHaveLength(2_000);
    expect(asked).toBeLessThanOrEqual(9);
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});
