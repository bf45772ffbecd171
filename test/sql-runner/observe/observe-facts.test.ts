import { formatMark } from '../../../sql-runner/model/mark';
import type { PublicationFacts } from '../../../sql-runner/model/observation';
import { publicationFacts } from '../../../sql-runner/observe/observe-database';
import type { Publication, PublishedTable } from '../../../sql-runner/postgres/catalog/publications';
import { roleLimits, type RoleLimits } from '../../../sql-runner/postgres/catalog/role-limits';
import { roles } from '../../../sql-runner/postgres/catalog/roles';
import { subscriptionRelations } from '../../../sql-runner/postgres/catalog/subscriptions';
import { roleSettings } from '../../../sql-runner/resources/role-settings';
import { tell } from '../support/facts';
import { newWorld } from '../support/fake-world';
import { following } from '../support/observations';
import { observedIn } from '../support/observed-world';

const rolesOf = async (limits: Partial<RoleLimits> | null) => {
  const world = newWorld(following);
  const none = { connectionLimit: -1, passwordExpires: null, passwordExpired: false, allPowerful: false };
  tell(world.facts, roleLimits, () => (limits === null ? null : { ...none, ...limits }));
  return (await observedIn(world)).source.role;
};

describe('the role on the source', () => {
  test.each<[string, object]>([
    ['has a password that expires some day', { passwordExpires: '2030-01-01T00:00:00Z' }],
    ['has a password that was never valid', { passwordExpired: true }],
    ['may have no session', { connectionLimit: 0 }],
  ])('%s', async (_, limits) => {
    expect(await rolesOf(limits)).toMatchObject({ name: 'acas_demo', ...limits, settings: roleSettings(170004) });
  });

  test('is gone where it went while it was read', async () => {
    expect(await rolesOf(null)).toBeNull();
  });

  test('is not there yet where it came while it was read', async () => {
    const world = newWorld(following);
    tell(world.facts, roles, () => []);
    expect((await observedIn(world)).source.role).toBeNull();
  });
});

test('a login that may not grant CONNECT is one', async () => {
  const world = newWorld(following);
  world.observation.source.databases.shop!.connectGrant.mayGrant = false;
  const { shop, ledger } = (await observedIn(world)).source.databases;
  expect([shop!.connectGrant.mayGrant, ledger!.connectGrant.mayGrant]).toEqual([false, true]);
});

test('the options of a stream are those of its own subscription', async () => {
  const world = newWorld(following);
  const { subscriptionOptions: subscriptions } = world.survey.target.databases.shop!;
  subscriptions.unshift({ ...subscriptions[0]!, name: 'another', values: { binary: 'true' } });
  const { options } = (await observedIn(world)).target!.databases.shop!.streams.acas_demo_shop!;
  expect(options).toMatchObject({ name: 'acas_demo_shop', values: { binary: 'false' } });
});

test('what a subscription takes is observed by its name; nothing of one that is there no more', async () => {
  const orders = { table: 700, schema: 'public', name: 'orders', state: 'd' };
  const relations = [
    { ...orders, subscription: 16501 },
    { ...orders, subscription: 16599, name: 'lines' },
  ];
  const world = newWorld(following);
  tell(world.facts, subscriptionRelations, ({ database }) => (database === 'shop' ? relations : []));
  const { shop, ledger } = (await observedIn(world)).target!.databases;
  expect([shop!.taken, ledger!.taken]).toEqual([[{ ...orders, subscription: 'acas_demo_shop' }], []]);
});

const PARTS = formatMark({
  kind: 'publication',
  environment: 'demo',
  slot: 'acas_demo_shop',
  parts: [
    { schema: 'public', name: 'orders', where: 'id > 5' },
    { schema: 'public', name: 'log', columns: ['id', 'at'] },
  ],
});

describe('a publication', () => {
  const listed = (name: string, more: Partial<PublishedTable> = {}): PublishedTable => ({
    oid: 700,
    schema: 'public',
    name,
    columns: null,
    hasRowFilter: false,
    filter: null,
    form: null,
    uncovered: false,
    ...more,
  });
  const plain: Publication = {
    name: 'acas_demo_shop',
    owner: 'master',
    login: 'master',
    mayAlter: true,
    comment: null,
    allTables: false,
    insert: true,
    update: true,
    delete: true,
    truncate: true,
    viaRoot: false,
    generatedColumns: false,
    heartbeat: true,
    tables: [listed('orders')],
    schemas: [],
    rowFilters: 0,
    rows: { self: '1', members: {}, tables: {}, types: {} },
  };
  const unaltered = {
    name: 'acas_demo_shop',
    comment: null,
    heartbeat: true,
    allTables: false,
    publishesEverything: true,
    sendsChanges: true,
    schemas: [],
    tables: [{ oid: 700, schema: 'public', name: 'orders' }],
    rows: plain.rows,
  };
  const altered = (...what: string[]) => ({ publishesEverything: false, altered: what });

  test.each<[string, Partial<Publication>, Partial<PublicationFacts>]>([
    ['as sql-runner makes it', {}, {}],
    [
      'of another owner',
      { owner: 'other', mayAlter: false },
      { foreignOwner: { owner: 'other', login: 'master', mayAlter: false } },
    ],
    ['without INSERT', { insert: false }, altered('it does not send INSERT')],
    ['without UPDATE', { update: false }, altered('it does not send UPDATE')],
    ['without DELETE', { delete: false }, altered('it does not send DELETE')],
    [
      'without changes of rows that are there',
      { update: false, delete: false, truncate: false },
      {
        ...altered('it does not send UPDATE', 'it does not send DELETE', 'it does not send TRUNCATE'),
        sendsChanges: false,
      },
    ],
    ['via the root', { viaRoot: true }, altered('it sends changes of partitions as those of their root')],
    [
      'with generated columns',
      { generatedColumns: true },
      { ...altered('it sends generated columns'), sendsGenerated: true },
    ],
    [
      'of schemas',
      { schemas: ['public', 'x'] },
      {
        ...altered('it publishes all tables of schema public', 'it publishes all tables of schema x'),
        schemas: ['public', 'x'],
      },
    ],
    [
      'with a filter of rows and a list of columns',
      {
        tables: [listed('orders', { hasRowFilter: true, uncovered: true }), listed('log', { columns: ['id', 'at'] })],
        rowFilters: 1,
      },
      {
        ...altered('it filters the rows of public.orders', 'of public.log it sends the columns id, at only'),
        tables: [
          { oid: 700, schema: 'public', name: 'orders', uncovered: true },
          { oid: 700, schema: 'public', name: 'log', listed: true, columns: ['id', 'at'] },
        ],
      },
    ],
    [
      'with the parts that its mark has',
      {
        comment: PARTS,
        tables: [
          listed('orders', { hasRowFilter: true, filter: '(id > 5)', form: 'f' }),
          listed('log', { columns: ['id', 'when'], form: 'l' }),
        ],
        rowFilters: 1,
      },
      {
        comment: PARTS,
        tables: [
          { oid: 700, schema: 'public', name: 'orders', filter: '(id > 5)', form: 'f' },
          // A column of the list has another name by now.
          { oid: 700, schema: 'public', name: 'log', listed: true, columns: ['id', 'when'], form: 'l' },
        ],
      },
    ],
    [
      'without the parts that its mark has',
      { comment: PARTS, tables: [listed('orders'), listed('log')] },
      {
        comment: PARTS,
        ...altered(
          'of public.orders it sends all rows, not those where id > 5',
          'of public.log it sends all columns, not id, at',
        ),
        tables: [
          { oid: 700, schema: 'public', name: 'orders' },
          { oid: 700, schema: 'public', name: 'log' },
        ],
      },
    ],
    ['that filters its heartbeat', { rowFilters: 1 }, altered('it filters the rows of the heartbeat')],
  ])('%s is observed as that', (_, read, expected) => {
    expect(publicationFacts({ ...plain, ...read })).toEqual({ ...unaltered, ...expected });
  });
});
