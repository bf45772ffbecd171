import type { Client } from 'pg';
import type { Selection } from '../../../../contract/contract';
import { publicationFacts } from '../../../../sql-runner/observe/observe-database';
import { readTableParts } from '../../../../sql-runner/observe/observe-table-parts';
import { checkTableParts } from '../../../../sql-runner/plan/gates/table-parts';
import { streamOf } from '../../../../sql-runner/model/streams';
import { publications } from '../../../../sql-runner/postgres/catalog/publications';
import type { Session } from '../../../../sql-runner/postgres/session';
import { quoteFilter } from '../../../../sql-runner/postgres/text/quoting';
import { startTestCluster, type TestCluster } from '../../../support/postgres';
import { from } from '../../../support/postgres-major';
import { openSession, targetOf } from '../../postgres/sessions';
import { sourceContract, stream } from '../../support/contract';
import { edit, untouched } from '../../support/observations';
import { carryOut } from '../../checks/printed-fix';
import { asking } from '../../support/asking';

/**
 * What production or the clone would suffer by is refused before anything is published, and what it lets pass harms
 * nobody: the server itself is asked, by writing. A gate that is silent while the server refuses would be the lie.
 */

type Entry = Extract<Selection, { kind: 'tables' }>['tables'][number];

describe('tables of which a part is to be published', () => {
  let cluster: TestCluster;
  let client: Client;
  let session: Session;
  const ask = () => asking(session);

  beforeAll(async () => {
    cluster = await startTestCluster({ databases: ['shop'], parameters: { wal_level: 'logical' } });
    client = await cluster.connect('shop');
    await client.query(`
      CREATE TABLE plain (id int PRIMARY KEY, region text, note text);
      CREATE TABLE keyed (id int, region text, note int, PRIMARY KEY (id, region));
      CREATE TABLE long (id int, region text, note text, more int, PRIMARY KEY (id, region));
      CREATE TABLE "Odd" ("Id" int PRIMARY KEY, "lower" text);
      CREATE TABLE whole (id int PRIMARY KEY, region text); ALTER TABLE whole REPLICA IDENTITY FULL;
      CREATE TABLE referenced (id int, region text, PRIMARY KEY (id, region));
      CREATE TABLE refers (id int PRIMARY KEY, r int, region text, FOREIGN KEY (r, region) REFERENCES referenced);
      CREATE DOMAIN short AS text CHECK (length(VALUE) < 9);
      CREATE TABLE strict (id int PRIMARY KEY, needed text NOT NULL, given int NOT NULL DEFAULT 1, serial int GENERATED ALWAYS AS IDENTITY,
        once int UNIQUE, checked int CHECK (checked > 0), domained short, twice int GENERATED ALWAYS AS (id * 2) STORED);
      CREATE UNIQUE INDEX ON strict ((lower(needed || domained)));
      CREATE TABLE parted (id int PRIMARY KEY, region text) PARTITION BY RANGE (id);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
      CREATE TABLE heir () INHERITS (plain);
      CREATE TABLE alone (id int PRIMARY KEY, region text, note text);
      CREATE TABLE chosen (id int, region text NOT NULL, code text NOT NULL, note text, PRIMARY KEY (id));
      CREATE UNIQUE INDEX chosen_code ON chosen (code, region); ALTER TABLE chosen REPLICA IDENTITY USING INDEX chosen_code`);
    session = await openSession(targetOf(cluster, 'shop'), { readOnly: true });
  });
  afterAll(async () => {
    await session?.close();
    await cluster?.stop();
  });

  const judged = async (entry: Omit<Entry, 'schema'>) => {
    const selection: Selection = { kind: 'tables', tables: [{ schema: 'public', ...entry }] };
    const contract = sourceContract(['shop']);
    contract.links[0]!.streams[0] = stream('shop', selection);
    const published = (await publications(session)).map(publicationFacts);
    const facts = await readTableParts(ask(), contract, 'shop', published);
    const { source } = edit(untouched(contract), ({ source: one }) => {
      one.databases.shop = { ...one.databases.shop!, ...(facts as object) };
      one.server.versionNum = session.serverVersionNum;
    });
    return checkTableParts(contract, source, streamOf('shop', stream('shop', selection)));
  };

  test.each<[string, Omit<Entry, 'schema'>, string, RegExp]>([
    [
      'a filter beside the key',
      { name: 'alone', where: `region = 'eu'` },
      'PART_NOT_IN_IDENTITY',
      /needs region, and id/,
    ],
    ['one that is named in mixed case', { name: 'Odd', where: `"lower" = 'x'` }, 'PART_NOT_IN_IDENTITY', /needs lower/],
    [
      'a key, where another index identifies',
      { name: 'chosen', where: 'id > 3' },
      'PART_NOT_IN_IDENTITY',
      /code, region/,
    ],
    ['no such column', { name: 'alone', where: 'nowhere = 1' }, 'ROW_FILTER_NOT_USABLE', /"nowhere" does not exist/],
    ['no condition', { name: 'alone', where: 'id + 1' }, 'ROW_FILTER_NOT_USABLE', /must be type boolean/],
    ['a value that is none', { name: 'alone', where: `id = 'x'` }, 'ROW_FILTER_NOT_USABLE', /invalid input syntax/],
    ['what others refer to', { name: 'referenced', where: `region = 'eu'` }, 'FILTERED_TABLE_REFERENCED', /refers/],
    ['a partitioned table', { name: 'parted', where: 'id > 3' }, 'TABLE_PART_NOT_ALONE', /partitioned/],
    ['a partition', { name: 'parted_1', columns: ['id'] }, 'TABLE_PART_NOT_ALONE', /partition/],
    ['one that others inherit from', { name: 'plain', where: 'id > 3' }, 'TABLE_PART_NOT_ALONE', /inheritance/],
    ['a list without the key', { name: 'alone', columns: ['note'] }, 'COLUMN_LIST_NOT_USABLE', /identified by id/],
    ['a list of whole rows', { name: 'whole', columns: ['id', 'region'] }, 'COLUMN_LIST_NOT_USABLE', /FULL/],
    ['a list with what is not there', { name: 'alone', columns: ['id', 'x'] }, 'COLUMN_LIST_NOT_USABLE', /no column x/],
    [
      'a list without the key beside the identity',
      { name: 'chosen', columns: ['code', 'region'] },
      'COLUMN_LIST_NOT_USABLE',
      /by id/,
    ],
  ])('%s is refused', async (_, entry, code, seen) => {
    const found = await judged(entry);
    if (!from(15)) return expect(found.map((one) => one.code)).toEqual(['TABLE_PART_NOT_SUPPORTED']);
    expect(found).toMatchObject([{ code, severity: 'block', stops: ['publish', 'slot', 'ticket'] }]);
    return expect(found[0]!.seen).toMatch(seen);
  });

  test('a filter that would lose what is stored apart is refused, and what is told lets it pass', async () => {
    if (!from(15)) return;
    const filtered = { name: 'long', where: `region = 'eu'` };
    const [found] = await judged(filtered);
    expect(found).toMatchObject({
      code: 'ROW_FILTER_LOSES_VALUES',
      severity: 'block',
      stops: ['publish', 'slot', 'ticket'],
    });
    expect(found!.seen).toMatch(/long values of note are/);
    expect(await judged({ ...filtered, columns: ['id', 'region', 'more'] })).toEqual([]);
    expect(await judged({ ...filtered, columns: ['id', 'region', 'note'] })).toMatchObject([
      { code: 'ROW_FILTER_LOSES_VALUES', next: expect.stringMatching(/or take them out of columns/) },
    ]);
    await carryOut(found!, client, 'ROW_FILTER_LOSES_VALUES');
    expect(await judged(filtered)).toEqual([]);
  });

  test('a list that leaves out what a new row needs, or what could refuse it, names each of them', async () => {
    if (!from(15)) return;
    expect(
      (await judged({ name: 'strict', columns: ['id', 'twice'] })).map(({ seen }) => seen.split(', and ')[1]),
    ).toEqual([
      'it computes twice',
      'a new row needs a value for needed, domained',
      'a constraint or a unique index looks at needed, once, checked, domained',
    ]);
    expect(await judged({ name: 'strict', columns: ['id', 'needed', 'once', 'checked', 'domained'] })).toEqual([]);
  });

  /** What passes is published, and written to: the server refuses nothing; and of what does not pass, it does. */
  test.each<[Omit<Entry, 'schema'>, boolean]>([
    [{ name: 'keyed', where: `region = 'eu' AND id % 2 = 0` }, true],
    [{ name: 'keyed', where: `region IN ('eu', 'us')`, columns: ['id', 'region'] }, true],
    [{ name: 'keyed', columns: ['region', 'id'] }, true],
    [{ name: 'keyed', where: `note IS NULL` }, false],
    [{ name: 'keyed', columns: ['id', 'note'] }, false],
    [{ name: 'whole', where: `region = 'eu'` }, true],
    [{ name: 'whole', columns: ['id', 'region'] }, false],
    [{ name: 'chosen', where: `region = 'eu'`, columns: ['id', 'code', 'region'] }, true],
    [{ name: 'chosen', where: `note = 'x'` }, false],
  ])('%j: the gate lets it pass as the server does: %s', async ({ name, where, columns }, passes) => {
    if (!from(15)) return;
    expect((await judged({ name, where, columns })).length === 0).toBe(passes);
    const list = columns === undefined ? '' : ` (${columns.join(', ')})`;
    const filter = where === undefined ? '' : ` WHERE ${quoteFilter(where)}`;
    await client.query(`CREATE PUBLICATION part FOR TABLE ONLY ${name}${list}${filter}`);
    try {
      const [published] = await publications(session);
      const asks = client.query(`UPDATE ${name} SET id = id WHERE false; DELETE FROM ${name} WHERE false`);
      if (passes) await asks;
      else await expect(asks).rejects.toThrow(/cannot (update|delete from) table/);
      expect(published!.tables[0]!.uncovered).toBe(!passes);
    } finally {
      await client.query('DROP PUBLICATION part');
    }
  });

  test('a filter that somebody has made otherwise is seen, and one that only reads otherwise is not', async () => {
    if (!from(15)) return;
    const publishedAs = async (filter: string, where: string) => {
      await client.query(`CREATE PUBLICATION acas_demo_shop FOR TABLE ONLY keyed WHERE (${filter})`);
      try {
        const contract = sourceContract(['shop']);
        contract.links[0]!.streams[0] = stream('shop', {
          kind: 'tables',
          tables: [{ schema: 'public', name: 'keyed', where }],
        });
        const sent = (await publications(session)).map(publicationFacts);
        return (await readTableParts(ask(), contract, 'shop', sent)).tableParts![0]!.published;
      } finally {
        await client.query('DROP PUBLICATION acas_demo_shop');
      }
    };
    expect(await publishedAs(`region = 'eu'`, `((region)) = 'eu'::text`)).toBe(true);
    expect(await publishedAs(`id between 1 and 4`, `id >= 1 AND id <= 4`)).toBe(true);
    expect(await publishedAs(`region = 'eu'`, `region = 'us'`)).toBe(false);
    expect(await publishedAs(`id > 1`, `id >= 1`)).toBe(false);
  });
});
