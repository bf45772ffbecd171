import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { Session } from '../../../sql-runner/postgres/session';
import { dumpSchema } from '../../../sql-runner/rehearsal/dump-schema';
import { findDump } from '../../../sql-runner/rehearsal/programs';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { postgresMajor } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';

let server: TestCluster;
let client: Client;
let onlooker: Session;
let folder: string;
/** Nobody else's are in it. */
let files: string;
const { TMPDIR } = process.env;

beforeAll(async () => {
  server = await startTestCluster();
  client = await server.connect('shop');
  await client.query(`CREATE TABLE shoes (id int PRIMARY KEY); CREATE SCHEMA "o""urs"; CREATE TABLE "o""urs"."l og" (id int);
    CREATE SCHEMA ours; CREATE TABLE ours.best (id int); CREATE SCHEMA "our*"; CREATE TABLE "our*".left_out (id int)`);
  onlooker = await openSession(targetOf(server, 'shop'));
  folder = await mkdtemp(join(tmpdir(), 'dump program '));
  files = await mkdtemp(join(folder, 'files '));
  process.env.TMPDIR = files;
});
afterAll(async () => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await onlooker?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const request = (program: string) => ({
  name: 'schema of the source',
  program,
  onlooker,
  database: 'shop',
  withoutSchemas: ['o"urs', 'our*'],
});

const sessions = async (): Promise<number> => {
  const { rows } = await client.query(`SELECT FROM pg_stat_activity WHERE application_name LIKE 'sql-runner dump%'`);
  return rows.length;
};

/** A program that reads as pg_dump does, with what it was given to get in, and then goes on for ever. */
async function reader(sql: string): Promise<string> {
  const program = join(folder, 'reader');
  await writeFile(
    program,
    `#!${process.execPath}
const { readFileSync } = require('node:fs');
const { Client } = require(${JSON.stringify(require.resolve('pg'))});
const ca = readFileSync(process.env.PGSSLROOTCERT, 'utf8');
const client = new Client({ ssl: { ca }, application_name: process.env.PGAPPNAME, options: process.env.PGOPTIONS });
client.connect().then(() => client.query(${JSON.stringify(sql)})).then(
  () => setInterval(() => undefined, 1000),
  (error) => { console.error(error.message); process.exit(1); },
);
`,
  );
  await chmod(program, 0o755);
  return program;
}

test('whoever waits for what it reads is let through at once, and nothing of it is left', async () => {
  const program = await reader('BEGIN; LOCK TABLE shoes IN ACCESS SHARE MODE');
  const dumping = dumpSchema(request(program)).catch((error: unknown) => error);
  await eventually(async () => {
    const { rows } = await client.query("SELECT FROM pg_locks WHERE relation = 'shoes'::regclass AND granted");
    return rows.length > 0;
  });
  // A migration of production's own, and behind it everybody who uses the table.
  const migrates = client.query('ALTER TABLE shoes ADD COLUMN size int');
  expect(await dumping).toMatchObject({ code: 'DDL_DUMP_BLOCKED', seen: expect.stringContaining('the source') });
  await migrates;
  expect(await sessions()).toBe(0);
});

test('it writes nothing, and its own words are told', async () => {
  const program = await reader('CREATE TABLE more (id int)');
  await expect(dumpSchema(request(program))).rejects.toMatchObject({
    code: 'DDL_DUMP_FAILED',
    seen: expect.stringContaining('cannot execute CREATE TABLE in a read-only transaction'),
  });
  await expect(dumpSchema(request(join(folder, 'none')))).rejects.toMatchObject({ code: 'DDL_DUMP_FAILED' });
  expect((await readdir(files)).filter((name) => name.startsWith('sqlr-dump-'))).toEqual([]);
});

test('a real one writes all but what is left out, where there is one for this server', async () => {
  let program: string;
  try {
    program = findDump(postgresMajor(), undefined);
  } catch (error) {
    expect(error).toMatchObject({ code: 'DDL_DUMP_MISSING', next: expect.stringContaining('--schema-from') });
    return;
  }
  const { sql } = await dumpSchema(request(program));
  expect([...sql.matchAll(/^CREATE TABLE (.*) \($/gm)].map(([, name]) => name)).toEqual(['ours.best', 'public.shoes']);
  expect(sql.match(/^CREATE SCHEMA .*$/gm)).toEqual(['CREATE SCHEMA ours;']);
});

test('one that is older than the server is not taken', () => {
  expect(() => findDump(99, undefined)).toThrow(/DDL_DUMP_MISSING: there is no pg_dump of PostgreSQL 99 or later/);
});
