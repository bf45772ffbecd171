import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Client } from 'pg';
import { tableDefinitions } from '../../../sql-runner/postgres/catalog/table-definitions';
import { lacking, tableNeeds } from '../../../sql-runner/postgres/catalog/table-needs';
import { tableDiffers } from '../../../sql-runner/drift/same-table';
import { tableStatements } from '../../../sql-runner/resources/added-table/table-statements';
import { from, postgresMajor } from '../../support/postgres-major';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';
import { catalogOf } from './catalog-judge';
import { LATER_SHAPES, NEEDS, SHAPES } from './table-shapes';

/** Each table as it is made once more in another database, beside how it was made first. */

const ALL = [
  ...SHAPES,
  ...LATER_SHAPES.filter(([major]) => from(major)).map(([, table, ddl]) => [table, ddl] as const),
];

let test_: TestCluster;
let there: Client;
let here: Client;

beforeAll(async () => {
  test_ = await startTestCluster({ databases: ['shop', 'copy'] });
  there = await test_.connect('shop');
  here = await test_.connect('copy');
  await there.query('CREATE ROLE app; CREATE ROLE reader; GRANT app TO CURRENT_USER');
  for (const client of [there, here]) await client.query(`${NEEDS} GRANT CREATE ON SCHEMA public TO app`);
  for (const [, ddl] of ALL) await there.query(ddl);
});
afterAll(() => test_?.stop());

const oidOf = async (client: Client, table: string): Promise<number> => {
  const { rows } = await client.query<{ oid: string }>('SELECT $1::regclass::oid::text AS oid', [table]);
  return Number(rows[0]!.oid);
};

async function definitionOf(database: string, client: Client, table: string) {
  const session = await openSession(targetOf(test_, database));
  try {
    return (await tableDefinitions(session, [await oidOf(client, table)]))[0]!;
  } finally {
    await session.close();
  }
}

test.each(ALL)('%s is made as it was', async (table) => {
  const definition = await definitionOf('shop', there, table);
  const references = definition.constraints.flatMap(({ referenced }) => referenced ?? []);
  const statements = tableStatements(definition, { hasSchema: true, references });
  await here.query(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
  expect(await catalogOf(here, table)).toEqual(await catalogOf(there, table));
  expect(tableDiffers(definition, await definitionOf('copy', here, table))).toEqual([]);
});

test('the judge that shares nothing with it sees the same, where it can read this major', () => {
  const program = '/usr/bin/pg_dump';
  const own = existsSync(program)
    ? Number(/\d+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))![0])
    : 0;
  if (own < postgresMajor()) return;
  const dump = (database: string): string[] =>
    execFileSync(program, ['--schema-only', '--no-sync', database], {
      encoding: 'utf8',
      env: {
        PGHOST: 'localhost',
        PGPORT: String(test_.cluster.port),
        PGUSER: test_.master.user,
        PGPASSWORD: test_.master.password,
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: test_.cluster.caFile,
      },
    })
      // Restricted to this dump: another number each time.
      .split('\n')
      .filter((line) => !/^\\(un)?restrict /.test(line));
  expect(dump('copy')).toEqual(dump('shop'));
});

test('a schema that is missing is made with its rights', async () => {
  await there.query(
    `CREATE SCHEMA fresh AUTHORIZATION app; CREATE TABLE fresh.t (id integer PRIMARY KEY); GRANT USAGE ON SCHEMA fresh TO reader`,
  );
  const definition = await definitionOf('shop', there, 'fresh.t');
  await here.query(tableStatements(definition, { hasSchema: false, references: [] }).join(';\n'));
  const acl = `SELECT nspacl::text AS acl, pg_get_userbyid(nspowner) AS owner FROM pg_namespace WHERE nspname = 'fresh'`;
  expect((await here.query(acl)).rows).toEqual((await there.query(acl)).rows);
});

test('a foreign key to what is not there is left out, and no other', async () => {
  const definition = await definitionOf('shop', there, 'references_one');
  const kept = tableStatements(definition, { hasSchema: true, references: [definition] });
  expect(kept.filter((text) => text.includes('FOREIGN KEY'))).toHaveLength(1);
});

test('what it needs and another database lacks is named, and nothing that is there', async () => {
  const session = await openSession(targetOf(test_, 'shop'));
  const empty = await openSession(targetOf(test_, 'postgres'));
  try {
    const oids = await Promise.all(
      ['types', 'indexes', 'generated', 'serials', 'plain'].map((name) => oidOf(there, name)),
    );
    const needs = await tableNeeds(session, oids);
    expect(await lacking(session, needs, ['app', 'nobody here'])).toEqual(['role "nobody here"']);
    expect(await lacking(empty, needs, [])).toEqual([
      'collation "My Schema"."by C"',
      'function "My Schema".twice(integer)',
      'sequence public.shared_seq',
      'type public.mood',
      'type public.mood[]',
      'type public.pair',
      'type public.positive',
    ]);
  } finally {
    await Promise.all([session.close(), empty.close()]);
  }
});

test.each([
  ['a column less', 'ALTER TABLE plain DROP note', ['column note']],
  ['a column more', 'ALTER TABLE plain ADD more integer', ['column more']],
  ['another type', 'ALTER TABLE plain ALTER note TYPE varchar(10)', ['column note']],
  ['NOT NULL', 'ALTER TABLE plain ALTER note SET NOT NULL', ['column note']],
  ['another key', 'ALTER TABLE plain DROP CONSTRAINT plain_pkey', ['PRIMARY KEY (id)']],
  ['a unique index', 'CREATE UNIQUE INDEX ON plain (note)', ['UNIQUE INDEX ON public.plain USING btree (note)']],
  ['a check', 'ALTER TABLE plain ADD CHECK (id > 0)', ['CHECK ((id > 0))']],
  ['another identity', 'ALTER TABLE plain REPLICA IDENTITY FULL', ['replica identity']],
])('a table with %s is told to be another one', async (_, ddl, expected) => {
  const definition = await definitionOf('shop', there, 'plain');
  await here.query(`BEGIN; ${ddl}; COMMIT`);
  const differs = tableDiffers(definition, await definitionOf('copy', here, 'plain'));
  await here.query('DROP TABLE plain; CREATE TABLE plain (id bigint PRIMARY KEY, note text)');
  expect(differs).toEqual(expect.arrayContaining([...expected]));
});
