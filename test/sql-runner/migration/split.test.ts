import fc from 'fast-check';
import { unitsOf } from '../../../sql-runner/migration/split';
import { placeOf, shortText } from '../../../sql-runner/migration/statement';

const split = (sql: string, whole = false) => unitsOf('V1.sql', sql, whole);
const texts = async (sql: string, whole = false): Promise<string[][]> =>
  (await split(sql, whole)).map(({ statements }) => statements.map(({ text }) => text));

test('a statement ends where PostgreSQL says, and stands at the line of its first word', async () => {
  const units = await split(
    "-- é; not yet\n/* a; /* b; */ */\nSELECT ';';\n\nDO $x$ BEGIN; END; $x$;CREATE FUNCTION f() RETURNS int\nLANGUAGE sql AS 'SELECT 1;'",
  );
  const places = units.map(({ statements: [one] }) => `${placeOf(one!)} ${one!.node}`);
  expect(places).toEqual(['V1.sql:3 SelectStmt', 'V1.sql:5 DoStmt', 'V1.sql:5 CreateFunctionStmt']);
  expect(units[1]!.statements[0]!.text).toBe('DO $x$ BEGIN; END; $x$');
});

test('however statements are put together, they come apart again at their lines', async () => {
  const part = fc.constantFrom('SELECT 1', "UPDATE t SET a = ';'", 'ALTER TABLE "ü;" ADD c int', 'DO $$ a; b $$');
  const between = fc.constantFrom(';', ';\n', '; -- c;\n', ';/* x; */ ', ';\n\n-- é\n');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(part, between), { minLength: 1, maxLength: 8 }), async (parts) => {
      const found = (await split(parts.flat().join(''))).flatMap(({ statements }) => statements);
      expect(found.map(({ text }) => text)).toEqual(parts.map(([text]) => text));
      const lines = parts.map((_, index) => parts.slice(0, index).flat().join('').split('\n').length);
      expect(found.map(({ line }) => line)).toEqual(lines);
    }),
    { numRuns: 50 },
  );
});

test('what is between BEGIN and COMMIT is one piece, and so is a file that is run as one', async () => {
  expect(await texts('SELECT 1; BEGIN; SELECT 2; SAVEPOINT a; SELECT 3; COMMIT; SELECT 4')).toEqual([
    ['SELECT 1'],
    ['SELECT 2', 'SELECT 3'],
    ['SELECT 4'],
  ]);
  expect(await texts('SELECT 1; SELECT 2', true)).toEqual([['SELECT 1', 'SELECT 2']]);
});

test.each([
  ['nothing', '', 'DDL_FILE_EMPTY', 'V1.sql'],
  ['comments alone', '-- later\n', 'DDL_FILE_EMPTY', 'V1.sql'],
  ['a transaction around nothing', 'BEGIN; COMMIT', 'DDL_FILE_EMPTY', 'V1.sql'],
  ['a slip of the pen', 'SELECT 1;\nALTER TABEL t', 'DDL_SYNTAX', 'V1.sql:2'],
  ['a file that psql would read', 'SELECT 1;\n\n\\i other.sql\n', 'DDL_NOT_SQL', 'V1.sql:3'],
  ['a variable of psql', "SELECT 1;\nSELECT :'name'", 'DDL_NOT_SQL', 'V1.sql:2'],
  ['rows for psql', 'COPY t FROM STDIN;\n1\tx\n\\.\n', 'DDL_NOT_SQL', 'V1.sql:2'],
  ['a rollback', 'BEGIN;\nSELECT 1;\nROLLBACK', 'DDL_ROLLED_BACK', 'V1.sql:3'],
  ['a transaction without an end', 'BEGIN;\nSELECT 1', 'DDL_ROLLED_BACK', 'V1.sql:2'],
  ['two-phase commit', "BEGIN;\nSELECT 1;\nPREPARE TRANSACTION 'x'", 'DDL_ROLLED_BACK', 'V1.sql:3'],
])('%s is refused at its place', async (_, sql, code, location) => {
  await expect(split(sql)).rejects.toMatchObject({ code, location });
});

test.each([
  ['ALTER TABLE t ADD c int', 'definition'],
  ['UPDATE t SET c = 1', 'rows'],
  ['TRUNCATE t', 'rows'],
  ['DO $$ BEGIN END $$', 'either'],
  ['SELECT f()', 'either'],
  ['SELECT * INTO copied FROM t', 'definition'],
  ['VACUUM t', 'upkeep'],
  ["SET lock_timeout = '1s'", 'session'],
  ['CREATE TEMP TABLE a (b int)', 'session'],
  ['CREATE TEMP TABLE a AS SELECT 1', 'session'],
  ['CREATE TABLE a AS SELECT 1', 'definition'],
  ["ALTER SYSTEM SET work_mem = '1GB'", 'untried'],
  ['DROP PUBLICATION p', 'untried'],
  ['ALTER DATABASE d RENAME TO e', 'untried'],
  ['COPY t FROM STDIN', 'untried'],
])('%s: %s', async (sql, nature) => {
  expect((await split(sql))[0]!.statements[0]!.nature).toBe(nature);
});

test('roles that are granted to are found, however deep they stand', async () => {
  const [unit] = await split('GRANT SELECT ON t TO reader, "Some One", PUBLIC');
  expect(unit!.statements[0]!.roles).toEqual(['reader', 'Some One']);
});

test('a statement is shown in one line', async () => {
  const [unit] = await split(`SELECT\n   1,\n 2, ${'3, '.repeat(60)}4`);
  expect(shortText(unit!.statements[0]!, 20)).toBe('SELECT 1, 2, 3, 3, …');
});
