import { surveyedTable } from '../support/surveys';
import { after, type Edit } from './provocations';

/**
 * What is said to do of tables whose whole rows identify them depends on their key: a statement that makes production
 * refuse writes is never printed. On a server in live-full-identity.test.ts.
 */
const column = {
  schema: 'public',
  name: 'log',
  rootSchema: 'public',
  rootName: 'log',
  column: 'price',
  type: 'numeric',
};
const FAULTS = [
  [null, /, a primary key, and/, /^let its primary key identify its rows, in database shop on the source: ALTER/],
  ['no primary key', /, no primary key, and/, /^first give it a primary key that is not deferrable, and only then, in/],
  ['a deferrable primary key', /, a deferrable primary key, and/, /^leave its replica identity as it is: with a def/],
] as const;
/** Others of the name, and of the schema, have no such fault. */
const keyed =
  (...tables: ReturnType<typeof surveyedTable>[]): Edit =>
  ({ source }) =>
    source.databases.shop!.tables.unshift(
      surveyedTable('log', { schema: 'audit', keyFault: 'an invalid primary key' as never }),
      surveyedTable('other', { keyFault: 'an invalid primary key' as never }),
      ...tables,
    );
const told = (...changes: Edit[]) =>
  after((world) => changes.forEach((change) => change(world))).filter(({ code }) => code.startsWith('FULL_IDENTITY'));

test.each(FAULTS)('with %s', (keyFault, seen, next) => {
  const log = keyed(surveyedTable('log', { replicaIdentity: 'f', estimatedRows: 10_000, keyFault }));
  const found = told(log, ({ source }) => {
    source.databases.shop!.inexact.push(column);
    source.databases.shop!.unmatchable.push(column);
  });
  expect(found.map(({ code }) => code)).toEqual([
    'FULL_IDENTITY_UNMATCHABLE',
    'FULL_IDENTITY_INEXACT',
    'FULL_IDENTITY_SLOW',
  ]);
  for (const finding of found) expect(finding.next).toMatch(next);
  expect(found[1]!.seen).toMatch(seen);
});

test('of a table that is not listed no key is known', () => {
  const [finding] = told(keyed(), ({ source }) => source.databases.shop!.inexact.push(column));
  expect(finding!.seen).toMatch(/, no primary key, and column price/);
});

test('of tables that are not replicated nothing is told', () => {
  const elsewhere = { ...column, name: 'elsewhere', rootName: 'elsewhere' };
  const change: Edit = ({ source }) => {
    source.databases.shop!.inexact.push(elsewhere);
    source.databases.shop!.unmatchable.push(elsewhere);
  };
  expect(after(change)).toEqual([]);
});
