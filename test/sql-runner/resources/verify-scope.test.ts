import { factsOf } from '../../../sql-runner/model/stream-state';
import type { Observation } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { columnsNotCompared, counted, tablesNotCompared } from '../../../sql-runner/resources/not-compared';
import { verifyScope, type VerifyScope } from '../../../sql-runner/resources/verify-scope';
import type { TableVerdict } from '../../../sql-runner/verify/types';
import { sourceContract } from '../support/contract';
import { cloned, type Draft, edit, following, SEED, ticketed, withStream } from '../support/observations';
import { partition, table } from '../support/tables';

/** What "equal" will have looked at, and what it must not be taken for. */
const contract = sourceContract(['shop']);
const [of] = streamsOf(contract) as [ReturnType<typeof streamsOf>[number]];
type Change = (draft: Draft<Observation>) => void;
const scopeOf = (change: Change = () => undefined, observation = following(contract)) => {
  const changed = edit(observation, change);
  return verifyScope(contract, changed, factsOf(contract, changed, of));
};
const names = (tables: readonly { readonly name: string }[]) => tables.map(({ name }) => name);
const shown = ({ tables, notReplicated, newTables }: VerifyScope) => ({
  tables: names(tables),
  gone: notReplicated.map(({ name, reason }) => `${name}: ${reason}`),
  new: names(newTables),
});

test('of a stream that follows all tables are compared, and nothing is in doubt', () => {
  expect(scopeOf()).toMatchObject({ notReplicated: [], newTables: [], doubts: [] });
  expect(shown(scopeOf()).tables).toEqual(['customers', 'orders']);
});

test('a table that the clone came with and that is not sent any more is named, with what became of it', () => {
  const taken: Change = ({ source }) => source.databases.shop!.publications[0]!.tables.pop();
  expect(shown(scopeOf(taken))).toEqual({
    tables: ['customers'],
    gone: ['orders: taken out of the publication since the clone was taken'],
    new: [],
  });
  const dropped: Change = (draft) => {
    taken(draft);
    draft.source.databases.shop!.tables.pop();
  };
  expect(shown(scopeOf(dropped)).gone).toEqual(['orders: dropped or renamed on the source']);
});

test('a table that is selected and was never sent is new, and not compared', () => {
  const made: Change = ({ source }) => source.databases.shop!.tables.push(table('late'));
  expect(shown(scopeOf(made))).toEqual({ tables: ['customers', 'orders'], gone: [], new: ['late'] });
});

test('without publication or copy of it there is nothing to compare, and all of it is said', () => {
  const scope = scopeOf(({ source, target }) => {
    source.databases.shop!.publications = [];
    target!.databases.shop!.publications = [];
  });
  expect(shown(scope)).toEqual({ tables: [], gone: [], new: ['customers', 'orders'] });
  expect(scope.doubts[0]).toMatch(/^the clone no longer has its copy of publication acas_demo_shop, so/);
  expect(shown(scopeOf(({ source }) => delete source.databases.shop))).toMatchObject({ tables: [], new: [] });
});

test('of a publication of all tables those are compared that the server sends, partitions by their root', () => {
  const scope = scopeOf(({ source }) => {
    source.databases.shop!.publications[0]!.allTables = true;
    source.databases.shop!.tables.push(
      table('parts', { kind: 'root' }),
      partition('part', 'parts'),
      table('far', { kind: 'foreign' }),
      table('cache', { persistence: 'unlogged' }),
    );
  });
  expect(shown(scope)).toMatchObject({ tables: ['customers', 'orders', 'parts'], new: [] });
  expect(scope.doubts.join()).toContain('publishes all tables of the database');
});

const own = (
  change: (subscription: Draft<Observation['target'] & object>['subscriptions'][number]) => void,
): Change => {
  return ({ target }) => {
    change(target!.subscriptions[0]!);
    change(target!.databases.shop!.streams.acas_demo_shop!.subscription!);
  };
};
const option =
  (name: 'origin' | 'binary', value: string): Change =>
  ({ target }) =>
    (target!.databases.shop!.streams.acas_demo_shop!.options!.values[name] = value);

test.each<[string, Change, string[]]>([
  ['has a subscription of somebody else', own((one) => (one.comment = null)), ['has no subscription acas_demo_shop']],
  ['is disabled', own((one) => (one.enabled = false)), ['acas_demo_shop in database shop is disabled']],
  ['reads another slot', own((one) => (one.slotName = 'dms')), ['reads slot dms instead of acas_demo_shop']],
  ['reads no slot', own((one) => (one.slotName = null)), ['reads slot (none) instead of']],
  [
    'was altered so that changes are left out',
    option('origin', 'none'),
    ['was altered: origin is none instead of any'],
  ],
  ['was altered and loses nothing', option('binary', 'true'), []],
  [
    'has options that cannot be read',
    ({ target }) => delete target!.databases.shop!.streams.acas_demo_shop!.options,
    [],
  ],
  [
    'is ahead of the source',
    ({ source }) => (source.server.flushLsn = '0/1'),
    ['the source has written only up to 0/1'],
  ],
  [
    'does not get all operations',
    ({ source }) => (source.databases.shop!.publications[0]!.publishesEverything = false),
    ['publication acas_demo_shop in database shop is not as the clone inherited it: it leaves something out'],
  ],
])('a stream that %s: equal rows would prove so much', (_, change, doubts) => {
  const found = scopeOf(change).doubts;
  expect(found).toEqual(doubts.map((doubt) => expect.stringContaining(doubt)));
});

test('nothing follows where there is no clone, or no subscription yet', () => {
  for (const observation of [ticketed(contract), cloned(contract)])
    expect(scopeOf(undefined, observation).doubts).toEqual([
      'database shop of the clone has no subscription acas_demo_shop of ours',
    ]);
  const half = withStream(contract, cloned(contract), 'shop', { enabled: false, progress: SEED });
  expect(scopeOf(undefined, half).doubts).toEqual(['subscription acas_demo_shop in database shop is disabled']);
});

test('whatever of a database no stream compares is counted and named by why', () => {
  const tables = [
    table('compared'),
    table('told'),
    table('new'),
    table('parts', { kind: 'root' }),
    partition('part', 'parts'),
    partition('fast', 'parts', { persistence: 'unlogged' }),
    partition('orphan', 'elsewhere'),
    table('alone', { kind: 'root' }),
    partition('single', 'alone'),
    table('cache', { persistence: 'unlogged' }),
    table('far', { kind: 'foreign', persistence: 'unlogged' }),
    table('spatial', { extension: { name: 'postgis', configured: false } }),
    table('rest'),
    table('child', { parents: [{ schema: 'public', name: 'compared' }] }),
  ];
  const others = { doubts: [], noLongerFollowed: [] };
  const one = { tables: tables.filter(({ name }) => ['compared', 'parts', 'single'].includes(name)), ...others };
  const scopes: VerifyScope[] = [
    { ...one, notReplicated: [{ schema: 'public', name: 'told', reason: 'x' }], newTables: [] },
    { tables: [], ...others, notReplicated: [], newTables: [tables[2]!] },
  ];
  expect(tablesNotCompared(tables, scopes)).toEqual([
    '1 table unlogged: public.cache',
    '1 table foreign: public.far',
    '1 table of an extension: public.spatial',
    '3 tables in no stream: parts.orphan, public.rest, public.child',
    '1 table unlogged in a table that was compared, and not replicated: parts.fast',
  ]);
  expect(tablesNotCompared([table('compared')], scopes)).toEqual([]);
});

test('columns of the clone alone are counted, and named with their tables', () => {
  const verdict = (name: string, onlyOnTarget?: readonly string[]) =>
    ({ schema: 'public', name, status: 'equal', onlyOnTarget }) as unknown as TableVerdict;
  expect(columnsNotCompared([verdict('a')])).toEqual([]);
  expect(columnsNotCompared([verdict('a', ['x']), verdict('b'), verdict('c', ['y', 'z'])])).toEqual([
    '3 columns that only the clone has: public.a.x, public.c.y, public.c.z',
  ]);
});

test('no more are named than can be read', () => {
  const many = (count: number) =>
    counted(
      Array.from({ length: count }, (_, at) => table(`t${at}`)),
      '',
      'sequence',
    );
  expect(many(0)).toEqual([]);
  expect(many(1)).toEqual(['1 sequence: public.t0']);
  expect(many(10)[0]).toMatch(/^10 sequences: .*, public.t9$/);
  expect(many(12)[0]).toMatch(/^12 sequences: .*, public.t9 and 2 more$/);
});
