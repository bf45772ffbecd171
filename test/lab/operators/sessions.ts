import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { OperatorError } from '../../../errors/operator-error';
import { inSession } from '../../../lab/connections';
import { openLab } from '../../../lab/lab';
import { howToLogIn } from '../../../lab/login';
import { logs } from '../../../lab/logs-command';
import { eventually } from '../../support/eventually';
import { labSays } from './lab-commands';

const CLI = ['--require', require.resolve('tsx/cjs'), join(__dirname, '..', '..', '..', 'lab', 'cli.ts')];

/** One statement and several, values as the server writes them, nothing at all, and an error. */
export async function statementsWithoutPsql(name: string): Promise<void> {
  const run = (side: string, ...rest: string[]) => labSays('psql', side, ...rest, '--name', name);
  const values = `SELECT 1.50::numeric AS price, NULL AS nothing, '{a,b}'::text[] AS list, E'two\\nlines' AS text`;
  expect(await run('source', '-c', `${values}; SELECT 1 AS a WHERE false; SET work_mem = '1MB'`)).toBe(
    [
      'price | nothing | list  | text',
      '------+---------+-------+-----------',
      '1.50  |         | {a,b} | two\\nlines',
      '(1 row)',
      'a',
      '-',
      '(0 rows)',
      'SET',
      '',
    ].join('\n'),
  );
  const who = 'SELECT current_user, current_database()';
  expect(await run('clone', 'ledger', '--command', who)).toContain('\napp_owner    | ledger\n');
  const wrong = run('source', '-c', 'SELECT * FROM nothing');
  await expect(wrong).rejects.toMatchObject({ code: 'LAB_SQL_FAILED', seen: expect.stringContaining('42P01') });
}

/** As whoever has a psql is given a session, and whoever has none the lines for another client. */
export async function sessionOfPsql(name: string): Promise<void> {
  const isThere = spawnSync('psql', ['--version']).status === 0;
  const env = { ...process.env, ...(isThere ? {} : { PATH: '/nonexistent' }) };
  const argv = [...CLI, 'psql', 'clone', 'ledger', '--name', name];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    input: 'SELECT current_database();\n',
    encoding: 'utf8',
    env,
  });
  expect([status, isThere ? stdout : stderr]).toEqual([
    isThere ? 0 : 1,
    expect.stringContaining(isThere ? ' ledger' : 'LAB_PSQL_MISSING'),
  ]);
  const path = process.env.PATH;
  process.env.PATH = '/nonexistent';
  const missing = (await labSays('psql', 'source', '--name', name)
    .catch((error: unknown) => error)
    .finally(() => (process.env.PATH = path))) as OperatorError;
  expect(missing.code).toBe('LAB_PSQL_MISSING');
  const [, words = ''] = /npm run -s lab -- (.+) -c 'SELECT 1'$/m.exec(missing.next)!;
  expect(await labSays(...words.split(' '), '-c', 'SELECT 1')).toContain('(1 row)');
  await logsInBy(missing.next.split('\n'));
}

/** Every connection string with the password file, by a client that shares nothing with the lab. */
export async function connectionStrings(name: string): Promise<void> {
  const printed = howToLogIn(openLab(name));
  expect(printed.filter((line) => line.startsWith('  psql'))).toHaveLength(4);
  await logsInBy(printed);
}

async function logsInBy(lines: readonly string[]): Promise<void> {
  const unquoted = (text: string): string => text.replace(/^'(.*)'$/, '$1');
  const files = lines.flatMap((line) => /export PGPASSFILE=(.+)$/.exec(line)?.[1] ?? []).map(unquoted);
  const urls = lines.flatMap((line) => /^ +psql (.+)$/.exec(line)?.[1] ?? []).map(unquoted);
  expect([files.length, urls.length]).toEqual([1, expect.any(Number)]);
  for (const printed of urls) {
    const url = new URL(printed);
    url.password = encodeURIComponent(passwordIn(files[0]!, url));
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.end();
  }
}

/** As libpq reads it: the first line that fits, in which a backslash stands before `:` and itself. */
function passwordIn(file: string, { hostname, port, pathname, username }: URL): string {
  const wanted = [hostname, port, pathname.slice(1), username];
  const fields = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => (line.match(/(?:\\.|[^\\:])+/g) ?? []).map((field) => field.replace(/\\(.)/g, '$1')));
  return fields.find((line) => wanted.every((value, i) => line[i] === '*' || line[i] === value))![4]!;
}

/** The end of a log, and what comes after. */
export async function logOf(name: string): Promise<void> {
  const clone = openLab(name).cloneConnection('shop');
  const fail = (text: string) => inSession(clone, (client) => client.query(text)).catch(() => undefined);
  await fail('SELECT first_mistake');
  const end = await labSays('logs', 'clone', '--lines', '2', '--name', name);
  expect(end).toMatch(/first_mistake/);
  expect(end.trimEnd().split('\n')).toHaveLength(2);
  const said: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const until = new AbortController();
  const following = logs('clone', { name, lines: 1, follow: true }, until.signal);
  try {
    await fail('SELECT second_mistake');
    await eventually(() => Promise.resolve(said.join('').includes('second_mistake')));
  } finally {
    until.abort();
    await following;
    write.mockRestore();
  }
}
