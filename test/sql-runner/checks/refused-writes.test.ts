import { checkForeignRefusals, checkRefusedWrites } from '../../../sql-runner/checks/refused-writes';
import type { PublicationFacts } from '../../../sql-runner/model/observation';
import type { CatalogTable } from '../../../sql-runner/postgres/catalog/tables';
import { sourceContract } from '../support/contract';
import { edit, prepared, type Draft } from '../support/observations';
import { table, UNIDENTIFIED } from '../support/tables';

/** What production refuses because of what is published, and how that is ended. */
const contract = sourceContract(['shop']);
type Part = Draft<PublicationFacts>['tables'][number];
type Named = readonly [name: string, facts: Partial<Draft<CatalogTable>>, part?: Partial<Part>];
const HOPELESS = { ...UNIDENTIFIED, rowsIdentify: false };
const UNCOVERED = { uncovered: true, listed: true } as const;

/** Findings of production whose database shop has these tables, in a publication of ours or of others. */
function told(tables: readonly Named[], more: Partial<Draft<PublicationFacts>> = {}, versionNum = 170_004) {
  const { source } = edit(prepared(contract), (draft) => {
    const shop = draft.source.databases.shop!;
    draft.source.server.versionNum = versionNum;
    shop.tables = tables.map(([name, facts]) => table(name, facts));
    const parts = tables.map(([name, , part]) => ({ schema: 'public', name, ...part }));
    Object.assign(shop.publications[0]!, { heartbeat: false, sendsChanges: true, tables: parts, schemas: [], ...more });
  });
  return { ours: checkRefusedWrites(contract, source), theirs: checkForeignRefusals(contract, source) };
}
const theirs = (tables: readonly Named[], more: Partial<Draft<PublicationFacts>> = {}) =>
  told(tables, { name: 'cdc', comment: null, ...more }).theirs;

const WAITS = 'each statement waits for open transactions on its table and blocks it for a moment';
const FASTER = '; with a primary key that is not deferrable, REPLICA IDENTITY DEFAULT is faster';
const INDEX = 'a unique index over NOT NULL columns that are not generated, and make that its replica identity';
const ON = 'in database shop on the source:';
const without = (names: string) =>
  `; nothing identifies the rows of ${names}, so what publishes them has to leave the publication, and a new clone is needed; if there is time, better give each ${INDEX}`;
const full = (name: string) => `ALTER TABLE "public"."${name}" REPLICA IDENTITY FULL;`;
const drop = (name: string) => `ALTER PUBLICATION "acas_demo_shop" DROP TABLE ONLY "public"."${name}";`;

test.each<[string, Named[], Partial<Draft<PublicationFacts>>, string]>([
  ['an identity that can be given', [['a', UNIDENTIFIED]], {}, `(${WAITS}${FASTER}), ${ON} ${full('a')}`],
  [
    'none, so that the table leaves',
    [
      ['a', HOPELESS],
      ['b', {}],
    ],
    {},
    `(${WAITS}${without('public.a')}), ${ON} ${drop('a')}`,
  ],
  [
    'some that can be given and some that cannot',
    [
      ['a', UNIDENTIFIED],
      ['b', HOPELESS],
      ['c', HOPELESS],
    ],
    {},
    `(${WAITS}${FASTER}${without('public.b, public.c')}), ${ON} ${full('a')} ${drop('b')} ${drop('c')}`,
  ],
  [
    'a column list that leaves it out: the whole list is said anew, with the heartbeat',
    [
      ['a', {}, UNCOVERED],
      ['b', {}],
    ],
    { heartbeat: true },
    `(${WAITS}${FASTER}), ${ON} ALTER PUBLICATION "acas_demo_shop" SET TABLE ONLY "public"."a", ONLY "public"."b", ONLY "acas_demo_shop"."acas_heartbeat";`,
  ],
  [
    'a column list that leaves it out, of which nothing else would do: it stays',
    [['a', { ...HOPELESS, identityFault: null }, UNCOVERED]],
    {},
    `(${WAITS}${FASTER}), ${ON} ALTER PUBLICATION "acas_demo_shop" SET TABLE ONLY "public"."a";`,
  ],
  [
    'a column list, and another table that leaves',
    [
      ['a', {}, UNCOVERED],
      ['b', HOPELESS],
      ['c', UNIDENTIFIED],
    ],
    {},
    `(${WAITS}${FASTER}${without('public.b')}), ${ON} ${full('c')} ALTER PUBLICATION "acas_demo_shop" SET TABLE ONLY "public"."a", ONLY "public"."c";`,
  ],
])('a table that has lost its identity has %s', (_, tables, more, next) => {
  const { ours, theirs: others } = told(tables, more);
  expect(others).toEqual([]);
  expect(ours).toMatchObject([{ code: 'SOURCE_REFUSES_WRITES', severity: 'block' }]);
  expect(ours[0]!.next).toBe(`to end it at once ${next}`);
  expect([...ours[0]!.stops!].sort()).toEqual(['connect', 'publish', 'slot', 'ticket']);
});

test('what is published by its schema cannot leave: then only an identity ends it', () => {
  const { ours } = told([['a', HOPELESS]], { tables: [], schemas: ['public'] });
  expect(ours.map(({ next }) => next)).toEqual([`give public.a ${INDEX}`]);
});

test('each table is named with what is the matter', () => {
  const { ours } = told([
    ['a', UNIDENTIFIED],
    ['b', {}],
    ['c', {}, UNCOVERED],
  ]);
  expect(ours.map(({ seen }) => seen)).toEqual([
    'production refuses UPDATE and DELETE on public.a (no primary key), public.c (columns or rows left out that its identity needs) in database shop, because publication acas_demo_shop publishes them',
  ]);
});

test.each<[string, Named, Partial<Draft<PublicationFacts>>]>([
  ['sends no changes', ['a', UNIDENTIFIED], { sendsChanges: false }],
  ['does not have the table', ['a', UNIDENTIFIED], { tables: [] }],
  ['lists one that keeps no rows in WAL', ['a', { ...UNIDENTIFIED, persistence: 'unlogged' }], {}],
])('a publication refuses nothing that %s', (_, named, more) => {
  expect(told([named], more)).toEqual({ ours: [], theirs: [] });
  expect(theirs([named], more)).toEqual([]);
});

const LEAVE = 'ALTER PUBLICATION "cdc" DROP TABLE ONLY "public"."b";';
test.each<[string, Named[], Partial<Draft<PublicationFacts>>, string]>([
  ['can be helped', [['a', UNIDENTIFIED]], {}, `if its owner still needs the publication, ${ON} ${full('a')}`],
  ['has to leave', [['b', HOPELESS]], {}, `if its owner still needs the publication, ${ON} ${LEAVE}`],
  [
    'cannot leave',
    [['a', HOPELESS]],
    { tables: [], allTables: true },
    `ask its owner whether it is needed; if it is, give public.a ${INDEX}`,
  ],
  [
    'cannot leave, beside one that can be helped',
    [
      ['a', HOPELESS],
      ['b', UNIDENTIFIED],
    ],
    { tables: [], allTables: true },
    `if its owner still needs the publication (and give public.a ${INDEX}), ${ON} ${full('b')}`,
  ],
])("somebody else's publication of a table that %s", (_, tables, more, next) => {
  const found = theirs(tables, more);
  expect(found).toMatchObject([{ code: 'FOREIGN_PUBLICATION_REFUSES_WRITES', severity: 'warn', next }]);
  expect(found[0]!.seen).toContain('because publication cdc, which is not of this environment, publishes them');
  expect(told(tables, { name: 'cdc', comment: null, ...more }).ours).toEqual([]);
});

const STORED = { identityFault: 'a generated column in its primary key' } as const;
const VIRTUAL = { identityFault: 'a virtual generated column under REPLICA IDENTITY FULL' } as const;
const LISTED = { listed: true } as const;
const SENT = { sendsGenerated: true } as const;
/** As pub_contains_invalid_column in publicationcmds.c of 18 has it. */
test.each<[string, number, Named, Partial<Draft<PublicationFacts>>, string | null]>([
  ['up to 17 nobody looks at it', 170_099, ['a', STORED], {}, null],
  ['up to 17 the column list is looked at', 170_099, ['a', STORED, UNCOVERED], {}, 'columns or rows left out'],
  ['from 18 on it is refused', 180_000, ['a', STORED], {}, 'a generated column'],
  ['from 18 on it may be sent', 180_000, ['a', STORED], SENT, null],
  ['one that is not stored cannot be sent', 180_000, ['a', VIRTUAL], SENT, 'a virtual generated column'],
  ['with a list it is one of the columns that are listed or not', 180_000, ['a', STORED, LISTED], {}, null],
  ['with a list that leaves it out', 180_000, ['a', STORED, UNCOVERED], {}, 'columns or rows left out'],
  ['with a list and whole rows', 180_000, ['a', { ...STORED, replicaIdentity: 'f' }, LISTED], {}, 'a generated column'],
])('an identity with a generated column: %s', (_, versionNum, named, more, fault) => {
  const seen = told([named], more, versionNum).ours.map((finding) => finding.seen);
  expect(seen).toEqual(fault === null ? [] : [expect.stringContaining(`public.a (${fault}`)]);
});

test('what identifies the rows of a table is asked for in turn: its key, an index, whole rows', () => {
  const advised = (facts: Partial<Draft<CatalogTable>>) =>
    /"a" REPLICA IDENTITY ([^;]*);$/.exec(told([['a', facts]]).ours[0]!.next)![1];
  const lost = { identityFault: 'REPLICA IDENTITY NOTHING' } as const;
  expect(advised({ ...lost, uniqueIndex: 'Code' })).toBe('DEFAULT');
  expect(advised({ ...lost, keyFault: 'no primary key' as const, uniqueIndex: 'Code' })).toBe('USING INDEX "Code"');
  expect(advised({ ...lost, keyFault: 'no primary key' as const })).toBe('FULL');
});
