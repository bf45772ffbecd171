import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RuleTester, type Rule } from 'eslint';
import { parser } from 'typescript-eslint';

const { safeSql } = jest.requireActual<{ safeSql: Rule.RuleModule }>('../../tools/eslint-safe-sql.cjs');
const tester = new RuleTester({ languageOptions: { parser } });

const QUOTING = `import { quoteIdent, quoteLiteral } from '../postgres/quoting';\n`;
const unquoted = (code: string) => ({ code, errors: [{ messageId: 'unquoted' }] });
const alias = (code: string) => ({ code, errors: [{ messageId: 'alias' }] });

tester.run('what a query is made of: constants and quoted values', safeSql, {
  valid: [
    `session.query('SELECT 1')`,
    'session.query(`SELECT 1`, [name])',
    `session.query('SELECT ' + '1')`,
    `session.query()`,
    `session?.query('SELECT 1')`,
    `session.query({ text: 'SELECT $1', values: [name] })`,
    QUOTING + 'session.query(`DROP TABLE ${quoteIdent(name)}`)',
    QUOTING + `session.query('DROP TABLE ' + quoteIdent(name))`,
    QUOTING + 'session.query(`SELECT ${quoteLiteral(a)} WHERE ${b ? `x = ${quoteIdent(b)}` : "true"}`)',
    QUOTING + 'const table = quoteIdent(name); session.query(`DROP TABLE ${table}`)',
    QUOTING + 'session.query(`SELECT ${names.map(quoteIdent).join(", ")}`)',
    QUOTING + 'session.query(`SELECT ${names.map((n) => `t.${quoteIdent(n)}`).join(", ")}`)',
    QUOTING + 'session.query(`SELECT ${names.map(quoteIdent).filter(Boolean).join(", ")}`)',
    QUOTING + 'function columns(t) { return t.list.map(quoteIdent).join(","); } session.query(`SELECT ${columns(t)}`)',
    'const memberOf = (group) => `g = \'${group}\'`; session.query(`SELECT ${memberOf("rds_iam")}`)',
    `const MODES = { on: 'ON', off: 'OFF' } as const; session.query(\`SET x \${MODES[mode]}\`)`,
    `import { rowsSql } from './rows'; session.query(rowsSql(table))`,
    `import { ROWS_SQL } from './rows'; session.query(\`\${ROWS_SQL} LIMIT 1\`)`,
    `import { rowsSql } from './rows'; const asked = rowsSql(table); session.query(asked.sql, asked.values)`,
    `import { dollarQuote } from '../postgres/dollar-quote'; const s = { text: \`DO \${dollarQuote(body)}\` };`,
    'export function rowsSql() { if (a) return `SELECT 1`; return { sql: `SELECT 2`, values: [a] }; }',
    'const shown = { title: `${name}`, text: "SELECT 1" };',
  ],
  invalid: [
    unquoted('session.query(`DROP TABLE ${name}`)'),
    unquoted(`session.query('DROP TABLE ' + name)`),
    unquoted(`session.query(name + '')`),
    unquoted('session.query(name)'),
    unquoted('session.query(await build(name))'),
    unquoted('session.query(...parts)'),
    unquoted('session?.query(`DROP TABLE ${name}`)'),
    unquoted(`session['query'](\`DROP TABLE \${name}\`)`),
    unquoted('session[`query`](name)'),
    unquoted('session.query(sql`SELECT ${name}`)'),
    unquoted('session.query(String.raw`SELECT ${name}`)'),
    unquoted(`session.query('SELECT '.concat(name))`),
    unquoted(`session.query('SELECT x'.replace('x', name))`),
    unquoted(`session.query(['DROP TABLE', name].join(' '))`),
    unquoted(`session.query(['a', 'b'].join(separator))`),
    unquoted('session.query(`SELECT ${name as string}`)'),
    unquoted('session.query(`SELECT ${a ?? "b"}`)'),
    unquoted('session.query({ text: `DROP TABLE ${name}`, values: [] })'),
    unquoted('const statement = { text: name };'),
    unquoted('const text = read(); const statement = { text };'),
    unquoted('const guard = { sql: `SELECT ${name}` };'),
    unquoted(`const guard = { 'sql': \`SELECT \${name}\` };`),
    unquoted('statement.text = `SELECT ${name}`;'),
    unquoted('let part = "a"; session.query(`SELECT ${part}`)'),
    unquoted('function drop(name) { session.query(`DROP TABLE ${name}`); }'),
  ],
});

tester.run('what is only called quoting is not trusted', safeSql, {
  valid: [
    QUOTING + 'const quoted = (n) => quoteIdent(n); session.query(`SELECT ${quoted(name)}`)',
    `import { quoteIdent as q } from './quoting'; session.query(\`SELECT \${q(name)}\`)`,
    `import { escapeIdentifier } from 'pg'; session.query(\`SELECT \${escapeIdentifier(name)}\`)`,
  ],
  invalid: [
    unquoted('function quoteIdent(n) { return n; } session.query(`SELECT ${quoteIdent(name)}`)'),
    unquoted('const quoteIdent = (n) => n; session.query(`SELECT ${names.map(quoteIdent).join()}`)'),
    unquoted(`import { quoteIdent } from './other'; session.query(\`SELECT \${quoteIdent(name)}\`)`),
    unquoted(`import { upper as quoteIdent } from './quoting'; session.query(\`SELECT \${quoteIdent(name)}\`)`),
    unquoted(`import { build } from './rows'; session.query(build('constant'))`),
    unquoted(QUOTING + 'session.query(`SELECT ${names.map((n) => n).map(String).join(",")}`)'),
    unquoted(
      QUOTING + 'function f(n) { if (n) { return n; } return quoteIdent(n); } session.query(`SELECT ${f(name)}`)',
    ),
    unquoted('const pass = (text) => `${text}`; session.query(pass(name))'),
    unquoted('const MODES = { on: name }; session.query(`SET x ${MODES[mode]}`)'),
    unquoted('const loop = () => loop(); session.query(loop())'),
  ],
});

tester.run('what other files may use as SQL is looked at where it is made', safeSql, {
  valid: [
    QUOTING + 'export const tableSql = (name) => `TABLE ${quoteIdent(name)}`;',
    'export function numberSql() { const other = () => { return name; }; return "SELECT 1"; }',
  ],
  invalid: [
    unquoted('export const tableSql = (name) => `TABLE ${name}`;'),
    unquoted('export function tableSql(name) { return `TABLE ${name}`; }'),
    unquoted('export function tableSql(name) { if (name) { return name; } return "SELECT 1"; }'),
    unquoted('export const ROWS_SQL = `SELECT ${name}`;'),
    unquoted('const part = { whereSql: `id = ${name}` };'),
    unquoted('const builder = { tableSql: (name) => `TABLE ${name}` };'),
    unquoted('class Builder { tableSql(name) { return `TABLE ${name}`; } }'),
    unquoted('export function rowsSql(name) { return { sql: `SELECT ${name}`, values: [] }; }'),
    unquoted('let whereSql = "true"; whereSql = `id = ${name}`;'),
  ],
});

tester.run('a query function goes by no other name', safeSql, {
  valid: ['const run = (statement) => session.query("SELECT 1");'],
  invalid: [
    alias('const ask = session.query; ask(`DROP TABLE ${name}`)'),
    alias('const ask = session.query.bind(session);'),
    alias('session.query.call(session, `DROP TABLE ${name}`)'),
    alias(`session['query'].apply(session, [name])`),
    alias('const { query } = session;'),
    alias('const { query: ask } = session;'),
    alias('names.forEach(session.query)'),
  ],
});

test('the places where the rule is told to look away are these, and no others', () => {
  const root = join(__dirname, '..', '..', 'sql-runner');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const exempt = files.flatMap((file) => {
    const count = readFileSync(join(root, file), 'utf8').split('eslint-disable').length - 1;
    return count === 0 ? [] : [`${file} ${count}`];
  });
  // What is passed on was looked at where it was built; names and expressions that the server itself has quoted;
  // and a recursion, which the rule cannot follow.
  expect(exempt.sort()).toEqual([
    'execute/execute.ts 2',
    'execute/operations/attach-partition.ts 1',
    'execute/operations/follow-roles.ts 1',
    'execute/operations/give-names.ts 1',
    'execute/operations/make-table.ts 2',
    'execute/operations/role-password.ts 1',
    'execute/operations/settle-tables.ts 1',
    'execute/operations/unpublish-table.ts 1',
    'execute/trail-table.ts 1',
    'postgres/catalog/function-trials.ts 1',
    'postgres/catalog/rights.ts 1',
    'postgres/session.ts 1',
    'resources/added-table/rights-at-the-end.ts 1',
    'resources/subscription-attributes.ts 1',
    'verify/column-hash.ts 1',
    'verify/mend-sql.ts 2',
    'verify/row-hash.ts 1',
    'verify/row-key.ts 2',
  ]);
});
