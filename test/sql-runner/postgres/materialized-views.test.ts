import type { Client } from 'pg';
import { populatedViews, viewsToRefresh } from '../../../sql-runner/postgres/catalog/materialized-views';
import { viewDependencies } from '../../../sql-runner/postgres/catalog/view-dependencies';
import type { Session } from '../../../sql-runner/postgres/session';
import { viewOrder } from '../../../sql-runner/resources/view-order';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from './sessions';

let test: TestCluster;
let admin: Client;
let session: Session;

beforeAll(async () => {
  test = await startTestCluster();
  session = await openSession(targetOf(test, 'shop'));
  test.onStop(() => session.close());
  admin = await test.cluster.adminClient('shop');
  test.onStop(() => admin.end());
});
afterAll(() => test?.stop());

const KEYS: Readonly<Record<string, string>> = {
  none: '',
  plain: 'CREATE UNIQUE INDEX ON plain (id)',
  "it's": `CREATE UNIQUE INDEX ON "it's" (id) INCLUDE (note)`,
  partial: 'CREATE UNIQUE INDEX ON partial (id) WHERE id > 0',
  expression: 'CREATE UNIQUE INDEX ON expression (id, (id + 1))',
  not_unique: 'CREATE INDEX ON not_unique (id)',
  invalid:
    "CREATE UNIQUE INDEX ON invalid (id); UPDATE pg_index SET indisvalid = false WHERE indrelid = 'invalid'::regclass",
};

it('says of which a refresh can be CONCURRENTLY, as the server does', async () => {
  for (const [name, key] of Object.entries(KEYS))
    await admin.query(`CREATE MATERIALIZED VIEW "${name}" AS SELECT 1 AS id, 'x'::text AS note; ${key}`);
  const found = (await viewsToRefresh(session)).filter(({ schema }) => schema === 'public');
  expect(found.map(({ name }) => name).sort()).toEqual(Object.keys(KEYS).sort());
  for (const { name, hasKey } of found) {
    const server = await admin.query(`REFRESH MATERIALIZED VIEW CONCURRENTLY "${name}"`).then(
      () => true,
      () => false,
    );
    expect([name, hasKey]).toEqual([name, server]);
  }
});

it('says of which the login has the rights, as the server does', async () => {
  await admin.query(`CREATE ROLE keeper; CREATE ROLE clerk LOGIN PASSWORD 'x'; GRANT keeper TO clerk; CREATE SCHEMA shut; CREATE SCHEMA open; GRANT USAGE ON SCHEMA open TO PUBLIC;
    CREATE MATERIALIZED VIEW open.own AS SELECT 1; ALTER MATERIALIZED VIEW open.own OWNER TO keeper; ALTER SCHEMA open OWNER TO keeper;
    CREATE MATERIALIZED VIEW open.other AS SELECT 1; CREATE MATERIALIZED VIEW open.empty AS SELECT 1 WITH NO DATA;
    CREATE MATERIALIZED VIEW shut.own AS SELECT 1; ALTER MATERIALIZED VIEW shut.own OWNER TO keeper;
    CREATE MATERIALIZED VIEW open.maintained AS SELECT 1; ${from(17) ? 'GRANT MAINTAIN ON open.maintained TO clerk' : ''}`);
  const clerk = { user: 'clerk', password: 'x' };
  const login = await test.connect('shop', clerk);
  const own = await openSession({ ...targetOf(test, 'shop'), ...clerk });
  const found = (await viewsToRefresh(own)).filter(({ schema }) => schema !== 'public');
  await own.close();
  expect(found).toHaveLength(5);
  for (const { schema, name, mayRefresh, enters } of found) {
    const server = await login.query(`REFRESH MATERIALIZED VIEW ${schema}.${name}`).then(
      () => true,
      (error: Error) => error.message,
    );
    expect([schema, name, mayRefresh && enters]).toEqual([schema, name, server === true]);
  }
  expect((await populatedViews(session)).map(({ schema, name }) => `${schema}.${name}`)).not.toContain('open.empty');
});

it('finds what they read through views, operators and functions, and names the functions that are dark', async () => {
  const atomic = from(14)
    ? 'CREATE FUNCTION d.light() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM d.base; END'
    : `CREATE VIEW d.light_too AS SELECT count(*) FROM d.base`;
  await admin.query(`CREATE SCHEMA d; CREATE TABLE d.t (id int); CREATE MATERIALIZED VIEW d.base AS SELECT id FROM d.t; ${atomic};
    CREATE FUNCTION d.dark(int, int) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN RETURN true; END';
    CREATE FUNCTION d.promised(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
    CREATE OPERATOR d.<~> (FUNCTION = d.dark, LEFTARG = int, RIGHTARG = int);
    CREATE VIEW d.between AS SELECT ${from(14) ? 'd.light()' : 'count FROM d.light_too'};
    CREATE MATERIALIZED VIEW d.a_top AS SELECT *, 1 OPERATOR(d.<~>) 2 AS x, d.promised(1) AS y, now() AS z FROM d.between`);
  const views = (await viewsToRefresh(session)).filter(({ schema }) => schema === 'd');
  const ordered = viewOrder(views, await viewDependencies(session));
  expect(ordered.map(({ view, reads, unknown }) => [view.name, reads.map(({ name }) => name), unknown])).toEqual([
    ['base', [], []],
    ['a_top', ['base'], ['d.dark']],
  ]);
});
