import type { Selection } from '../../../contract/contract';
import { sourceContract, stream } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';

/** The closed schemas that are found, when `audit` is one in both databases and the streams of shop select so. */
function closed(...selections: Selection[]): string[] {
  const world = edit(healthy(sourceContract(['shop', 'ledger'])), ({ contract: { links }, source }) => {
    links[0]!.streams = selections.map((selection) => edit(stream('shop', selection), () => undefined));
    links[1]!.streams[0]!.selection = { kind: 'schemas', schemas: ['books'] };
    for (const name of ['shop', 'ledger']) source.databases[name]!.unusable.push('audit');
  });
  return findingsOf(world).flatMap(({ code, seen }) =>
    code === 'SOURCE_SCHEMA_CLOSED' ? [/schema (\S+ of database \S+)/.exec(seen)![1]!] : [],
  );
}

const tables = (...schemas: string[]): Selection => ({
  kind: 'tables',
  tables: schemas.map((schema) => ({ schema, name: 'log' })),
});
const THERE = ['audit of database shop'];

test.each<[string, Selection[], string[]]>([
  ['everything', [{ kind: 'all' }], THERE],
  ['the schema', [{ kind: 'schemas', schemas: ['public', 'audit'] }], THERE],
  ['another schema', [{ kind: 'schemas', schemas: ['public'] }], []],
  ['a table of it, among others', [tables('public', 'audit')], THERE],
  ['tables of other schemas', [tables('public', 'private')], []],
  ['a table of it in one stream of two', [tables('public'), tables('audit')], THERE],
])('a schema that may not be used counts in its own database, where a stream selects %s', (_, selections, expected) => {
  expect(closed(...selections)).toEqual(expected);
});

test('and where another database replicates everything, it counts there only', () => {
  const world = edit(healthy(sourceContract(['shop', 'ledger'])), ({ contract: { links }, source }) => {
    links[0]!.streams[0]!.selection = { kind: 'schemas', schemas: ['public'] };
    source.databases.shop!.unusable.push('audit');
  });
  expect(findingsOf(world)).toEqual([]);
});
