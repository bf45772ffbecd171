import { checkRefusedWrites } from '../../../sql-runner/checks/refused-writes';
import type { Finding } from '../../../sql-runner/model/change';
import { observeSourceDatabase } from '../../../sql-runner/observe/observe-database';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { formatMark } from '../../../sql-runner/model/mark';
import { from } from '../../support/postgres-major';
import { ConnectedPair, PAIR_PARAMETERS } from '../support/connected-pair';
import { edit, untouched } from '../support/observations';
import { carryOut } from './printed-fix';
import { asking } from '../support/asking';

/**
 * The clone has a copy of our publication, and its server refuses changes of what that publishes and nothing
 * identifies, to the apply worker too. However a table loses its identity there, the stream goes on as printed.
 */
const TABLES = `
  CREATE TABLE keyed (id int PRIMARY KEY, v text); CREATE TABLE chosen (u int NOT NULL, v text);
  CREATE UNIQUE INDEX chosen_u ON chosen (u); ALTER TABLE chosen REPLICA IDENTITY USING INDEX chosen_u;
  CREATE TABLE keyed_too (id int PRIMARY KEY, v text); CREATE TABLE chosen_too (u int NOT NULL, v text);
  CREATE UNIQUE INDEX chosen_too_u ON chosen_too (u); ALTER TABLE chosen_too REPLICA IDENTITY USING INDEX chosen_too_u;
  INSERT INTO keyed_too VALUES (1, 'a'); INSERT INTO chosen_too VALUES (1, 'a');
  CREATE TABLE bare (id int PRIMARY KEY, v text); ALTER TABLE bare REPLICA IDENTITY FULL;
  CREATE TABLE nothing (id int PRIMARY KEY, v text);
  CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parts DEFAULT;
  CREATE TABLE listed (id int PRIMARY KEY, v text);
  INSERT INTO keyed VALUES (1, 'a'); INSERT INTO chosen VALUES (1, 'a'); INSERT INTO bare VALUES (1, 'a');
  INSERT INTO nothing VALUES (1, 'a'); INSERT INTO parts VALUES (1, 'a'); INSERT INTO listed VALUES (1, 'a')`;
let world: ConnectedPair;
beforeAll(async () => {
  world = await ConnectedPair.start(TABLES, PAIR_PARAMETERS);
  const mark = formatMark({ kind: 'publication', environment: 'demo', slot: 'acas_demo_shop' });
  await world.source.query(`COMMENT ON PUBLICATION acas_demo_shop IS ${quoteLiteral(mark)}`);
});
afterAll(() => world?.stop());

const changed = async (table: string) => {
  await world.source.query(`UPDATE ${table} SET v = v || 'b'`);
  const { rows } = await world.source.query<{ v: string }>(`SELECT v FROM ${table}`);
  await world.arrives(`SELECT v FROM ${table}`, [[rows[0]!.v]]);
};

/** What production refuses now, as plan and doctor tell it. */
const refusals = async (): Promise<Finding[]> => {
  const session = await world.session('source');
  const facts = await observeSourceDatabase(asking(session), 'acas_demo').finally(() => session.close());
  const source = edit(untouched(world.contract).source, (draft) => {
    draft.databases = { shop: { ...facts, heartbeats: [] } as never };
  });
  return checkRefusedWrites(world.contract, source);
};

test('CLONE_REFUSES_CHANGES: told before the clone is connected, while nothing stands yet', async () => {
  await world.clone.query('ALTER TABLE nothing REPLICA IDENTITY NOTHING');
  try {
    const found = await world.findings('CLONE_REFUSES_CHANGES');
    expect(found).toMatchObject([{ severity: 'block', seen: expect.stringContaining('public.nothing') }]);
    await carryOut(found[0]!, world.clone, 'CLONE_REFUSES_CHANGES');
    expect(await world.findings('CLONE_REFUSES_CHANGES')).toEqual([]);
  } finally {
    await world.follow();
  }
});

test.each([
  ['keyed', 'ALTER TABLE keyed DROP CONSTRAINT keyed_pkey', 'source'],
  ['chosen', 'DROP INDEX chosen_u', 'source'],
  ['keyed_too', 'ALTER TABLE keyed_too DROP CONSTRAINT keyed_too_pkey', 'clone'],
  ['chosen_too', 'DROP INDEX chosen_too_u', 'clone'],
])(
  'UNIQUE_ONLY_ON_CLONE: %s after %s, as printed, the %s first: its rows stay identified',
  async (table, sql, first) => {
    await world.source.query(sql);
    await expect(changed(table)).rejects.toThrow('does not have a replica identity');
    const [production, ...more] = await refusals();
    const [finding, ...others] = await world.findings('UNIQUE_ONLY_ON_CLONE');
    expect([more, others]).toEqual([[], []]);
    const onSource = async () => {
      await carryOut(production!, world.source, 'SOURCE_REFUSES_WRITES');
      await changed(table);
    };
    if (first === 'source') await onSource();
    await carryOut(finding!, world.clone, 'UNIQUE_ONLY_ON_CLONE');
    if (first === 'clone') await onSource();
    expect(await refusals()).toEqual([]);
    expect(await world.findings()).not.toContainEqual(expect.objectContaining({ severity: 'block' }));
    await changed(table);
  },
);

const LOST: readonly (readonly [table: string, sql: string, fault: string])[] = [
  ['bare', 'ALTER TABLE bare REPLICA IDENTITY DEFAULT; ALTER TABLE bare DROP CONSTRAINT bare_pkey', 'no primary key'],
  ['nothing', 'ALTER TABLE nothing REPLICA IDENTITY NOTHING', 'REPLICA IDENTITY NOTHING'],
  ['part', 'ALTER TABLE part REPLICA IDENTITY NOTHING', 'REPLICA IDENTITY NOTHING'],
  ...(from(15)
    ? [['listed', 'CREATE PUBLICATION theirs FOR TABLE listed (v)', 'columns or rows left out'] as const]
    : []),
];
test.each(LOST)('CLONE_REFUSES_CHANGES: %s', async (table, sql, fault) => {
  await world.clone.query(sql);
  const found = await world.findings('CLONE_REFUSES_CHANGES');
  expect(found).toMatchObject([{ severity: 'block', seen: expect.stringContaining(`public.${table} (${fault}`) }]);
  const since = world.log().length;
  await world.source.query(`UPDATE ${table} SET v = v || 'c'`);
  await world.says(/cannot update table "\w+"/, since);
  await carryOut(found[0]!, world.clone, 'CLONE_REFUSES_CHANGES');
  await changed(table);
  expect(await world.findings('CLONE_REFUSES_CHANGES')).toEqual([]);
});
