import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ddlCheck, type CheckedMigration } from '../../../sql-runner/actions/ddl-check';
import { ddlCheckCommand, type DdlCheckOptions } from '../../../sql-runner/commands/ddl-check';
import { stepsOf } from '../../../sql-runner/migration/steps';
import { findPrograms } from '../../../sql-runner/rehearsal/programs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddl check '));
  await writeFile(join(folder, 'schema.sql'), SCHEMA);
});
afterAll(() => rm(folder, { recursive: true }));

const SCHEMA = `\\restrict abc
-- Dumped from database version 17.4
CREATE EXTENSION aws_s3;
CREATE TABLE public.shoes (id int PRIMARY KEY, size int CHECK (size BETWEEN 20 AND 50), name varchar(20));
ALTER TABLE public.shoes OWNER TO cobbler;
CREATE PUBLICATION theirs FOR ALL TABLES;
\\unrestrict abc
`;

const OPTIONS = {
  json: false,
  color: false,
  stacksDir: '',
  outputs: [],
  subscription: 's',
  singleTransaction: false,
  format: 'text',
} as const;
const check = (paths: string[], more: Partial<DdlCheckOptions> = {}): Promise<number> =>
  ddlCheckCommand(paths, { ...OPTIONS, schemaFrom: join(folder, 'schema.sql'), ...more });

test.each<[string, string, string]>([
  ['is not there', 'missing.sql', 'DDL_FILE_UNREADABLE'],
  ['is a folder without any', '.', 'DDL_FILE_UNREADABLE'],
])('a file that %s is refused before any server starts', async (_, name, code) => {
  const empty = await mkdtemp(join(folder, 'empty'));
  await expect(check([join(empty, name)])).rejects.toMatchObject({ code });
});

test('a schema that is not there, and a major that is nowhere, are told with the way to have them', async () => {
  const file = join(folder, 'V1.sql');
  await writeFile(file, 'SELECT 1');
  await expect(check([file], { schemaFrom: join(folder, 'none.sql') })).rejects.toMatchObject({
    code: 'DDL_SCHEMA_UNREADABLE',
    next: expect.stringContaining('pg_dump --schema-only'),
  });
  expect(() => findPrograms(12, undefined)).toThrow(/DDL_SERVER_MISSING/);
  expect(() => findPrograms(null, join(folder, 'bin'))).toThrow(
    /DDL_SERVER_MISSING: there is no server of PostgreSQL in/,
  );
});

const judged = (...files: { name: string; sql: string }[]) => judgedBeside([], files);

/** @param replicates roles that replication is done as */
function judgedBeside(
  replicates: readonly string[],
  files: readonly { name: string; sql: string }[],
): Promise<CheckedMigration> {
  const schema = { name: 'schema.sql', sql: SCHEMA };
  const on = {
    name: 'schema.sql',
    schemas: { source: schema, clone: schema },
    major: 17,
    tables: null,
    inPart: [],
    without: [],
    replicates,
    target: { subscription: 's', environment: null, carried: false },
    sizes: null,
    mode: 'off' as const,
  };
  return ddlCheck({ files, whole: false, on, bindir: undefined });
}

test('what the rows that are there decide is told as that, and never as what fails or is safe', async () => {
  const sql = [
    'ALTER TABLE shoes ALTER COLUMN name SET NOT NULL',
    'ALTER TABLE shoes ADD CHECK (id < 100)',
    'CREATE INDEX ON shoes (size)',
    'ALTER TABLE shoes ADD EXCLUDE USING btree (name WITH =)',
    'ALTER TABLE shoes ADD CHECK (id IS NULL)',
    'CREATE INDEX ON shoes (name)',
  ];
  const found = await judged({ name: 'V1.sql', sql: sql.join(';\n') });
  expect(found.judged.map(({ verdict, refusesRows }) => [verdict.class, refusesRows])).toEqual([
    ['needs-order', expect.stringContaining('contains null values')],
    ['needs-order', expect.stringContaining('is violated by some row')],
    ['safe', null],
    ['needs-order', expect.stringContaining('exclusion constraint')],
    ['not-judged', expect.stringContaining('is violated by some row')],
    ['not-judged', null],
  ]);
  expect(found.judged.at(-1)!.verdict.why).toBe('a statement before it could not be tried');
}, 400_000);

describe('a migration of two files', () => {
  let found: CheckedMigration;
  beforeAll(async () => {
    const files = [
      { name: 'V1.sql', sql: 'ALTER TABLE shoes ADD COLUMN colour text;\nUPDATE shoes SET colour = name;' },
      {
        name: 'V2.sql',
        sql: 'ALTER TABLE shoes ALTER COLUMN colour TYPE varchar(90);\nGRANT SELECT ON shoes TO seller;\nALTER TABLE boots ADD a int;\nSELECT 1;',
      },
    ];
    found = await judged(...files);
  }, 400_000);

  test('is judged statement by statement, each on what those before have left', () => {
    expect(found.judged.map(({ verdict }) => `${verdict.class} ${verdict.order}`)).toEqual([
      'needs-order clone-source',
      'safe source',
      'needs-order source-clone',
      'safe source-clone',
      'fails null',
      'not-judged null',
    ]);
    expect(found.judged[4]!.failed).toMatchObject({
      said: 'relation "boots" does not exist',
      statement: { file: 'V2.sql', line: 3 },
    });
    expect(stepsOf(found.judged, found.target)).toBeNull();
  });

  test('what a statement locks and writes anew is read from the server', () => {
    const [effects] = found.judged[2]!.statements.map((one) => one.effects!);
    expect(effects!.locks).toContainEqual({ table: 'public.shoes', mode: 'AccessExclusiveLock' });
    expect(effects!.rewrites).toEqual(['public.shoes']);
  });

  test('what the local server lacks, and the roles that were made up, are told', () => {
    expect(found.leftOut.map(({ place }) => place)).toEqual(['schema.sql:3']);
    expect([...found.roles].sort()).toEqual(['cobbler', 'seller']);
    expect([found.published, found.unwritten]).toEqual([['public.shoes'], {}]);
  });
});

test('what defines and may write rows in one statement is not judged, nor what is about who replicates', async () => {
  const sql = `DO $$ BEGIN CREATE INDEX ON shoes (size); INSERT INTO shoes SELECT id + 1000, size FROM shoes WHERE id < 50; END $$;
    DO $$ BEGIN CREATE INDEX ON shoes (name); END $$; ALTER ROLE acas_demo NOLOGIN`;
  const { judged: found } = await judgedBeside(['acas_demo'], [{ name: 'V1.sql', sql }]);
  expect(found.map(({ verdict }) => verdict.class)).toEqual(['not-judged', 'safe', 'not-judged']);
});
