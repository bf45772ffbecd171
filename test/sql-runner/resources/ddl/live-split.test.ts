import fc from 'fast-check';
import type { Client } from 'pg';
import { splitFunction } from '../../../../sql-runner/resources/ddl/split-function';
import { startTestCluster, type TestCluster } from '../../../support/postgres';

let cluster: TestCluster;
let client: Client;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'] });
  client = await cluster.connect('shop');
  await client.query('CREATE SCHEMA taken_apart');
  await client.query(splitFunction('taken_apart').text);
});
afterAll(() => cluster.stop());

/** What hides a semicolon, and what only looks as if it did; each is a piece of one statement. */
const PIECES = [
  `';'`,
  `'it''s; '''`,
  `E'\\';'`,
  `e'\\\\'`,
  `'\\'`,
  `U&';'`,
  `"a;""b"`,
  `$$;'$$`,
  `$t$ $x$; $$ $t$`,
  `$ä$;$b$ä$`,
  `/* ; /* '; */ " */`,
  `-- it's; "\n`,
  `(a; (b; 'c'))`,
  'a$1$b',
  '$1',
  'x::int',
  'here',
  'ünter',
  '1-1',
  '4/2',
  'e',
  `type'x'`,
  '',
];

test('a string is taken apart as the server does', async () => {
  const statement = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 8 })
    .map((pieces) => `select ${pieces.join(' ')}`);
  const strings = fc.sample(fc.array(statement, { minLength: 1, maxLength: 5 }), 300);
  for (const statements of strings) {
    const text = statements.map((one) => `${one}\n`).join(';');
    const { rows } = await client.query<{ parts: string[] }>(`SELECT parts FROM taken_apart.split($1)`, [text]);
    expect(rows[0]!.parts).toEqual(statements.map((one) => `${one}\n`));
  }
  for (const open of [`select 'a`, `select $a$ $b$`, `select /* /* */`, `select "a`]) {
    const { rows } = await client.query(`SELECT parts FROM taken_apart.split($1)`, [open]);
    expect(rows).toEqual([{ parts: null }]);
  }
});
