import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ddlCheckDocument } from '../../sql-runner/render/schemas/ddl-check';

const BIN = resolve(__dirname, '../../sql-runner/bin.js');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ddl check e2e '));
  await writeFile(join(folder, 'schema.sql'), 'CREATE TABLE shoes (id int PRIMARY KEY, size int);');
  await writeFile(join(folder, 'V42.sql'), '-- wider feet\nALTER TABLE shoes ADD COLUMN width int;\n');
  await writeFile(join(folder, 'V43.sql'), 'SELECT 1;\nALTER TABEL shoes;\n');
});
afterAll(() => rm(folder, { recursive: true }));

function sqlRunner(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [BIN, ...args], { cwd: folder }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

test('as a process of its own it says what a migration needs, as its schema has it, and leaves nothing running', async () => {
  const { code, stdout } = await sqlRunner([
    'ddl',
    'check',
    'V42.sql',
    '--schema-from',
    'schema.sql',
    '--major',
    '17',
    '--json',
  ]);
  const found = ddlCheckDocument.parse(JSON.parse(stdout));
  expect([code, found.units[0]]).toMatchObject([
    2,
    { verdict: 'needs-order', order: 'clone-source', statements: [{ line: 2 }] },
  ]);
  expect(found.steps).toEqual([
    { side: 'clone', sql: ['ALTER TABLE shoes ADD COLUMN width int'], command: null, after: null },
    { side: 'source', sql: ['ALTER TABLE shoes ADD COLUMN width int'], command: null, after: null },
  ]);
}, 400_000);

test('what cannot be parsed is an error at its line, and no stack trace', async () => {
  const { code, stdout, stderr } = await sqlRunner(['ddl', 'check', 'V43.sql', '--schema-from', 'schema.sql']);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('V43.sql:2');
  expect(stderr).toContain('DDL_SYNTAX');
  expect(stderr).not.toContain('    at ');
}, 400_000);
