import { replicatedBy, streamsFor, usesSchema, type Rooted } from '../../../sql-runner/model/streams';
import type { Scope } from '../../../sql-runner/model/survey';
import type { Selection } from '../../../contract/contract';
import { sourceContract, stream } from '../support/contract';
import { edit, type Draft } from '../support/observations';
import { healthy, surveyedTable, type Surveyed } from '../support/surveys';
import { partition } from '../support/tables';
import { sent } from '../checks/provocations';

const named = (name: string) => ({ schema: 'public', name });
const ORDERS: Selection = { kind: 'tables', tables: [named('orders')] };
const leaf: Rooted = { schema: 'parts', name: 'orders_1', rootSchema: 'public', rootName: 'orders' };
const sends = (table: Rooted, publication = 'acas_demo_shop') => ({ ...sent, ...table, publication });
const takes = (table: Rooted, subscription = 'acas_demo_shop') => ({ ...table, subscription, table: 700, state: 'r' });

/** Two databases, of which the first takes one partitioned table, and another stream of it what is called `more`. */
function scope(change: (world: Draft<Surveyed>) => unknown, more: Partial<Scope> = {}): Scope {
  const contract = sourceContract(['shop', 'ledger']);
  contract.links[0]!.streams.splice(
    0,
    1,
    stream('shop', ORDERS),
    stream('more', { kind: 'tables', tables: [named('more')] }),
  );
  const world = edit(healthy(contract), (draft) => {
    const { source, target } = draft;
    source.databases.shop!.tables = [
      surveyedTable('orders', { kind: 'root' }),
      { ...partition('orders_1', 'orders'), estimatedRows: 1 },
      surveyedTable('cache'),
      surveyedTable('more', { persistence: 'unlogged' }),
    ];
    target.databases.shop!.taken = [];
    change(draft);
  });
  return { ...world, connected: true, ...more };
}
const asked = (table: Rooted, of: Scope) => replicatedBy(of, 'shop')(table);
const nothing = () => undefined;

test('once the clone is connected that is replicated which is sent, or taken, and what is above it', () => {
  expect(asked(leaf, scope(nothing))).toBe(false);
  const sending = scope(({ source }) => source.databases.shop!.sent.push(sends(leaf)));
  expect(['orders', 'cache'].map((name) => asked(named(name), sending))).toEqual([true, false]);
  expect(asked(leaf, sending)).toBe(true);
  const taking = scope(({ target }) => target.databases.shop!.taken.push(takes(leaf)));
  expect(asked(leaf, taking)).toBe(true);
  // A table that inherits is sent as itself.
  const heir = scope(({ source }) => {
    source.databases.shop!.tables.push(surveyedTable('heir', { parents: [named('cache')] }));
    source.databases.shop!.sent.push(sends(named('heir')));
  });
  expect([asked(named('heir'), heir), asked(named('cache'), heir)]).toEqual([true, false]);
});

test('what is sent is replicated, also when it was not seen among the tables', () => {
  const sending = scope(({ source }) => source.databases.shop!.sent.push(sends(named('made since'))));
  expect([asked(named('made since'), sending), asked(named('another'), sending)]).toEqual([true, false]);
});

test('a heartbeat of ours is no table of the environment, by its name and that of its schema', () => {
  const beat = { schema: 'acas_demo_shop', name: 'acas_heartbeat' };
  const beside = { schema: 'acas_demo_shop', name: 'orders' };
  // Of another database: nothing of ours in this one.
  const strange = { schema: 'acas_demo_ledger', name: 'acas_heartbeat' };
  for (const connected of [true, false]) {
    const world = scope(
      ({ source }) => source.databases.shop!.sent.push(...[beat, beside, strange].map((one) => sends(one))),
      { connected },
    );
    expect([beat, beside, strange].map((table) => asked(table, world))).toEqual([false, true, true]);
  }
  const contract = sourceContract(['shop', 'ledger']);
  const schemas = ['acas_demo_shop', 'acas_demo_ledger'];
  expect(schemas.map((schema) => usesSchema(contract, 'shop', schema))).toEqual([false, true]);
});

test.each(['other', 'acas_demo_ledger'])('what is sent and taken by %s is not ours in this database', (by) => {
  const theirs = scope(({ source, target }) => {
    source.databases.shop!.sent.push(sends(named('cache'), by));
    target.databases.shop!.taken.push(takes(named('cache'), by));
  });
  expect(asked(named('cache'), theirs)).toBe(false);
  expect(asked(named('cache'), { ...theirs, connected: false })).toBe(false);
});

test.each<[string, Partial<Scope>]>([
  ['before the clone is connected', { connected: false }],
  ['before there is a clone', { connected: false, target: null }],
])('%s that is replicated which is selected as the source has it', (_, more) => {
  const world = scope(nothing, more);
  expect(asked(named('orders'), world)).toBe(true);
  expect(asked(leaf, world)).toBe(true);
  expect(asked({ schema: 'parts', name: 'orders_1' }, world)).toBe(true);
  expect(asked(named('cache'), world)).toBe(false);
  // Named, and never sent.
  expect(asked(named('more'), world)).toBe(false);
  // What the source does not have is known by its name alone, and by what it is a part of.
  expect(asked({ ...leaf, name: 'orders_9' }, world)).toBe(true);
  expect(asked({ schema: 'parts', name: 'orders_9' }, world)).toBe(false);
});

test('where the source cannot be read, by what it is called', () => {
  for (const connected of [true, false]) {
    const blind = scope(nothing, { source: null, connected });
    expect(['orders', 'more', 'cache'].map((name) => asked(named(name), blind))).toEqual([true, true, false]);
    expect(asked(leaf, blind)).toBe(true);
    const taking = scope(({ target }) => target.databases.shop!.taken.push(takes(named('cache'))), { source: null });
    expect(asked(named('cache'), { ...taking, connected })).toBe(true);
  }
});

test('a table is looked for among the streams of its own database', () => {
  const { contract } = scope(nothing);
  const found = (database: string, name: string) =>
    streamsFor(contract, database, named(name)).map((of) => of.stream.publication);
  expect(found('shop', 'orders')).toEqual(['acas_demo_shop']);
  expect(found('shop', 'more')).toEqual(['acas_demo_more']);
  expect(found('shop', 'cache')).toEqual([]);
  expect(found('ledger', 'cache')).toEqual(['acas_demo_ledger']);
});

test.each<[Selection, boolean, boolean]>([
  [{ kind: 'all' }, true, true],
  [{ kind: 'schemas', schemas: ['sales', 'public'] }, true, false],
  [{ kind: 'tables', tables: [{ schema: 'sales', name: 'a' }, named('b')] }, true, false],
])('schemas that a stream may replicate tables of: %j', (selection, ofPublic, ofAttic) => {
  const contract = sourceContract(['shop', 'ledger']);
  contract.links[0]!.streams.splice(0, 1, stream('shop', selection));
  contract.links[1]!.streams.splice(0, 1, stream('ledger', { kind: 'schemas', schemas: ['attic'] }));
  expect([usesSchema(contract, 'shop', 'public'), usesSchema(contract, 'shop', 'attic')]).toEqual([ofPublic, ofAttic]);
});
