import type { PublicationFacts } from '../../../sql-runner/model/observation';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import type { Session } from '../../../sql-runner/postgres/session';
import { alteredSince, digestOf, resentSince } from '../../../sql-runner/resources/publication-rows';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';

// As in publication-rows.test.ts, of the types of published columns: what was read before is what a clone shows.
let world: TestCluster;
let session: Session;
let change: (sql: string) => Promise<void>;
let then: PublicationFacts;

const SETUP = `
  CREATE TYPE tier AS ENUM ('basic', 'plus', 'gold');
  CREATE TYPE span AS RANGE (subtype = tier);
  CREATE TYPE address AS (street text, town text);
  CREATE DOMAIN home AS address CHECK ((VALUE).town <> '');
  CREATE TYPE other AS ENUM ('a', 'b');
  CREATE TYPE size AS ENUM ('s', 'm');
  CREATE TYPE boxed AS (size size);
  CREATE TYPE mood AS ENUM ('sad', 'glad');
  CREATE TABLE people (id int PRIMARY KEY, tiers tier[], during span, homes home[], box boxed, mood mood);
  CREATE TABLE beside (id int PRIMARY KEY, v other);
  CREATE PUBLICATION ours FOR TABLE people;
  COMMENT ON PUBLICATION ours IS 'marked'`;

beforeAll(async () => {
  world = await startTestCluster({ parameters: { wal_level: 'logical' } });
  const client = await world.connect('shop');
  change = async (sql) => {
    for (const statement of sql.split('; ')) await client.query(statement);
  };
  await client.query(SETUP);
  session = await openSession(targetOf(world, 'shop'));
});
afterAll(async () => {
  await session?.close();
  await world?.stop();
});
beforeEach(async () => {
  then = await ours();
});

const ours = async (): Promise<PublicationFacts> =>
  (await publications(session)).find(({ name }) => name === 'ours') as unknown as PublicationFacts;

test.each([
  [
    'labels and attributes come, and types are renamed, given away and frozen',
    `ALTER TYPE tier ADD VALUE 'none' BEFORE 'basic'; ALTER TYPE tier ADD VALUE 'some' AFTER 'basic'; ALTER TYPE address ADD ATTRIBUTE land text; ALTER TYPE tier RENAME TO level; ALTER TYPE level RENAME TO tier; ALTER DOMAIN home RENAME TO seat; ALTER DOMAIN seat RENAME TO home; VACUUM (FREEZE) pg_enum; VACUUM FULL pg_enum`,
  ],
  [
    'labels of a type exchange their names that no published table has',
    `ALTER TYPE other RENAME VALUE 'a' TO 'x'; ALTER TYPE other RENAME VALUE 'b' TO 'a'; ALTER TYPE other RENAME VALUE 'a' TO 'b'; ALTER TYPE other RENAME VALUE 'x' TO 'a'`,
  ],
])('nothing was altered when %s', async (_, sql) => {
  await change(sql);
  expect(alteredSince(await ours(), then)).toEqual([]);
});

const relabel = (type: string, one: string, other: string): string =>
  [`${one}' TO 'aside`, `${other}' TO '${one}`, `aside' TO '${other}`]
    .map((names) => `ALTER TYPE ${type} RENAME VALUE '${names}'`)
    .join('; ');
test.each([
  ['tier', 'basic', 'plus', 'of an array and a range'],
  ['size', 's', 'm', 'of an attribute'],
  ['mood', 'sad', 'glad', 'of a column'],
])('labels of %s exchanged their names (%s, %s), and have them back: the type %s', async (type, one, other) => {
  await change(relabel(type, one, other));
  expect([alteredSince(await ours(), then), alteredSince(then, await ours())]).toEqual([[], []]);
  await change(relabel(type, one, other));
  const now = await ours();
  const what = [`type public.${type} (labels renamed, or put in order, on either side)`];
  expect([alteredSince(now, then), alteredSince(then, now), resentSince(now, then)]).toEqual([what, what, []]);
  await change(`ALTER TYPE ${type} ADD VALUE 'later'; VACUUM FULL pg_enum`);
  expect(digestOf((await ours()).rows, then.rows)).toBe(digestOf(now.rows, then.rows));
  await change(`${relabel(type, one, other)}; ${relabel(type, one, other)}`);
  expect(digestOf((await ours()).rows, then.rows)).not.toBe(digestOf(now.rows, then.rows));
});

test('an attribute was dropped and added again: rows of before have no value there any more', async () => {
  await change('ALTER TYPE address DROP ATTRIBUTE street');
  expect(alteredSince(await ours(), then)).toEqual([]);
  await change('ALTER TYPE address ADD ATTRIBUTE street text');
  const now = await ours();
  const what = ['type public.address (an attribute dropped and added again on one side)'];
  expect([alteredSince(now, then), alteredSince(then, now), resentSince(now, then)]).toEqual([what, what, []]);
});
