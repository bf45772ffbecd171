import type { PublicationFacts } from '../../../sql-runner/model/observation';
import { sourceContract, stream } from '../support/contract';
import { edit, type Draft } from '../support/observations';
import { findingsOf, healthy, surveyedTable } from '../support/surveys';
import { UNIDENTIFIED } from '../support/tables';
import { publishing } from './fires-on-target';
import { after, unconnected, type Edit } from './provocations';

/** A publication of others, which the clone was born with or not. */
const theirs = { oid: 7, name: 'theirs', owner: 'app', comment: null, allTables: false, needsIdentity: true };

test.each([
  ['what the apply that connects the clone drops first', true, 7, unconnected, []],
  ['what only its owner may drop', false, 7, unconnected, ['CLONE_REFUSES_CHANGES']],
  ['what was made on the clone', true, 8, unconnected, ['CLONE_REFUSES_CHANGES']],
  ['what has stayed on a clone that follows', true, 7, () => undefined, ['CLONE_REFUSES_CHANGES']],
])('%s', (_, mayDrop, oid, connection: Edit, expected) => {
  const findings = after((world) => {
    publishing(UNIDENTIFIED, 'theirs')(world);
    world.source.databases.shop!.publicationIdentities = [{ ...theirs, mayDrop: true }];
    world.target.databases.shop!.publicationIdentities = [{ ...theirs, oid, mayDrop }];
    connection(world);
  });
  expect(findings.map(({ code }) => code).filter((code) => code === 'CLONE_REFUSES_CHANGES')).toEqual(expected);
});

/** What nothing identifies but an index that is still to be made. */
const HOPELESS = { ...UNIDENTIFIED, rowsIdentify: false };
const two = sourceContract(['shop', 'ledger']);
two.links[0]!.streams.push(stream('more', { kind: 'tables', tables: [] }));

type Part = Draft<PublicationFacts>['tables'][number];
/** What is printed for tables of the clone's database shop, each as it is there and as `name` publishes it. */
function printed(
  name: string,
  tables: readonly [name: string, Parameters<typeof surveyedTable>[1], Partial<Part>?][],
  more: Partial<Draft<PublicationFacts>> = {},
): string[] {
  const world = edit(healthy(two), ({ target }) => {
    const shop = target.databases.shop!;
    shop.tables = tables.map(([table, facts]) => surveyedTable(table, facts));
    const parts = tables.map(([table, , part]) => ({ schema: 'public', name: table, ...part }));
    const whole = { comment: null, allTables: false, publishesEverything: true, sendsChanges: true, schemas: [] };
    shop.publications.push({ ...whole, name, tables: parts, ...more });
  });
  return findingsOf(world).map(({ next }) => next);
}
const ON_CLONE = 'in database shop on the clone:';
const INDEX = 'a unique index over NOT NULL columns that are not generated, and make that its replica identity';

test('what this stream does not take is nobody’s concern, beside what it takes', () => {
  expect(printed('theirs', [['scratch', UNIDENTIFIED]])).toEqual([]);
  expect(
    printed('theirs', [
      ['orders', UNIDENTIFIED],
      ['scratch', UNIDENTIFIED],
    ]),
  ).toEqual([`${ON_CLONE} ALTER TABLE "public"."orders" REPLICA IDENTITY FULL;`]);
});

test('the copy of any stream of the database is kept whole, and no publication of another name is one', () => {
  for (const name of ['acas_demo_shop', 'acas_demo_more'])
    expect(printed(name, [['orders', HOPELESS]])).toEqual([`on the clone, give public.orders ${INDEX}`]);
  expect(printed('acas_demo_ledger', [['orders', HOPELESS]])).toEqual([
    `${ON_CLONE} ALTER PUBLICATION "acas_demo_ledger" DROP TABLE ONLY "public"."orders";`,
  ]);
});

test('each table gets what can be done for it', () => {
  expect(
    printed('acas_demo_shop', [
      ['orders', UNIDENTIFIED],
      ['log', HOPELESS],
    ]),
  ).toEqual([
    `on the clone, give public.log ${INDEX}; ${ON_CLONE} ALTER TABLE "public"."orders" REPLICA IDENTITY FULL;`,
  ]);
  // Its identity is well: the column list of the publication leaves it out.
  expect(printed('theirs', [['orders', {}, { uncovered: true, listed: true }]])).toEqual([
    `${ON_CLONE} ALTER PUBLICATION "theirs" DROP TABLE ONLY "public"."orders";`,
  ]);
  // Nothing of FOR ALL TABLES can leave it.
  expect(printed('theirs', [['orders', HOPELESS]], { tables: [], allTables: true })).toEqual([
    `on the clone, give public.orders ${INDEX}`,
  ]);
});
