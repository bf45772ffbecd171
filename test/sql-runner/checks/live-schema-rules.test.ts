import type { Client } from 'pg';
import { type DriftingPair, startDriftingPair } from '../support/drifting-pair';
import { carryOut } from './printed-fix';
import { KEYED_RULES, KEYLESS_RULES, type Rule } from './schema-rules';

/** The rules of docs/schema-changes.md, while the table is written to all the time: equal afterwards, nothing stops. */
const RULES = [
  ...KEYED_RULES.map((rule, index) => ({ ...rule, kind: 'keyed', name: `k${index}` })),
  ...KEYLESS_RULES.map((rule, index) => ({ ...rule, kind: 'keyless', name: `f${index}` })),
];
const CODES = ['COLUMNS_DIFFER', 'COLUMN_RENAMED'];
type NamedRule = (typeof RULES)[number];
const named = ({ name }: NamedRule, sql: string): string => sql.replaceAll('$', name);
let pair: DriftingPair;

beforeAll(async () => {
  const table = (rule: NamedRule): string =>
    `CREATE TABLE $ (id int${rule.kind === 'keyed' ? ' PRIMARY KEY' : ''}, note text DEFAULT 'a');
     ${rule.kind === 'keyed' ? '' : 'ALTER TABLE $ REPLICA IDENTITY FULL;'}
     INSERT INTO $ (id) SELECT generate_series(1, 20); ${rule.table ?? ''}`;
  pair = await startDriftingPair(RULES.map((rule) => named(rule, table(rule))).join(';\n'));
});
afterAll(() => pair?.test.stop());

/** Until it is told to stop. Each statement stands for itself; returns how many there were. */
async function write(client: Client, rule: NamedRule, goOn: () => boolean): Promise<number> {
  let count = 0;
  for (; goOn(); count += 1) {
    const id = 21 + count;
    await client.query(named(rule, `INSERT INTO $ (id) VALUES (${id})`));
    await client.query(named(rule, `UPDATE $ SET note = note || 'b' WHERE id IN (${id - 10}, ${id % 20})`));
    await client.query(named(rule, `DELETE FROM $ WHERE id = ${id - 7}`));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
}

test.each(RULES.map((rule) => [rule.kind, rule.title, rule] as const))('%s: %s', async (_, __, rule) => {
  const since = pair.logPosition();
  const writer = await pair.test.connect('shop');
  let writing = true;
  const written = write(writer, rule, () => writing);
  for (const step of rule.steps) await take(rule, step, since);
  writing = false;
  expect(await written).toBeGreaterThan(0);
  await pair.inSync();
  const [source, clone] = await pair.rows(rule.name);
  expect(clone).toBe(source);
  expect(/ERROR: /.test(pair.logSince(since))).toBe(rule.stops === true);
  expect(await told(rule)).toEqual([]);
});

const told = async ({ name }: NamedRule) =>
  (await pair.findings()).filter(
    ({ severity, seen }) => severity !== 'info' && new RegExp(`\\b${name}(_|\\b)`).test(seen),
  );

async function take(rule: NamedRule, [place, sql = '']: Rule['steps'][number], since: number): Promise<void> {
  if (place === 'in sync') return pair.inSync();
  if (place === 'stopped') return pair.stoppedBy(/ERROR: .* missing (some )?replicated column/, since);
  if (place === 'as printed') return putRight(rule);
  if (place !== 'source') await pair.clone.query(named(rule, sql));
  if (place !== 'clone') await pair.source.query(named(rule, sql));
}

async function putRight(rule: NamedRule): Promise<void> {
  const found = await told(rule);
  expect(found).toHaveLength(1);
  for (const code of CODES.filter((one) => one === found[0]!.code)) await carryOut(found[0]!, pair.clone, code);
}
