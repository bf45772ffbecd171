import type { Observation } from '../../../sql-runner/model/observation';
import { formatMark } from '../../../sql-runner/model/mark';
import type { Place } from '../../../sql-runner/model/address';
import { roleGrants } from '../../../sql-runner/postgres/catalog/role-grants';
import {
  holdingDatabases,
  roleHoldings,
  type HoldingDatabase,
} from '../../../sql-runner/postgres/catalog/role-holdings';
import { answering } from '../support/answering';
import { tell } from '../support/facts';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { formerIn, said, surveyIn } from '../support/held-world';
import { cloned, following, type Draft } from '../support/observations';

const HOLDING = 'count(DISTINCT (s.classid';
const GRANTS = 'granted AS (';

type Holding = (place: Place) => HoldingDatabase[];

/** A world with rights on a table, or on a database, in every database that is asked, and nothing else. */
function granting(holding: Holding, state?: Parameters<typeof newWorld>[0], on = 'elsewhere'): World {
  const world = newWorld(state ?? following);
  tell(world.facts, holdingDatabases, holding);
  tell(world.facts, roleGrants, ({ database }, _, shared) => [
    {
      keyword: shared ? 'DATABASE' : 'TABLE',
      object: shared ? on : `public.of_${database}`,
      privileges: [shared ? 'CONNECT' : 'SELECT'],
      as: null,
      passedOn: false,
      wholeSchema: null,
    },
  ]);
  tell(world.facts, roleHoldings, () => NOTHING_HELD);
  return world;
}

const NOTHING_HELD = { defaults: [], policies: [], owned: [], mayGiveAway: true, other: [] };

const inShopOfSource =
  (rows: HoldingDatabase[]): Holding =>
  ({ side, database }) =>
    side === 'source' && database === 'shop' ? rows : [];

describe('the roles', () => {
  const inShop: Holding = () => [{ database: 'shop', count: 1 }];
  const holding = () => granting(inShop);
  const role = (name: string, environment = 'demo') => ({
    name,
    comment: formatMark({ kind: 'role', environment }),
    connectGrants: ['shop'],
  });

  test('that the login may not administer are named, on either side', async () => {
    const roles = (may: object) => {
      const world = newWorld(following);
      for (const side of ['source', 'target'] as const) Object.assign(world.survey[side].privileges, may);
      return surveyIn(world);
    };
    const both = ['source', 'clone'].map((side) => `DROP_NOT_ALLOWED role acas_demo in database shop on the ${side}`);
    expect(said(await roles({ createRoles: false }))).toEqual(both);
    expect(said(await roles({ manageRole: false }))).toEqual(both);
    expect(said(await roles({}))).toEqual([]);
  });

  test('are named with what refers to them: ours, and those that the environment had before', async () => {
    const world = holding();
    world.observation.source.markedRoles = [role('former'), role('acas_demo'), role('strange', 'other')];
    world.observation.target!.markedRoles = [role('older')];
    const rights = 'in shop on the SIDE: rights on table public.of_shop';
    expect(said(await surveyIn(world))).toEqual([
      `ROLE_NOT_DROPPABLE role acas_demo ${rights.replace('SIDE', 'source')}`,
      `ROLE_NOT_DROPPABLE role former ${rights.replace('SIDE', 'source')}`,
      `ROLE_NOT_DROPPABLE role acas_demo ${rights.replace('SIDE', 'clone')}`,
      `ROLE_NOT_DROPPABLE role older ${rights.replace('SIDE', 'clone')}`,
    ]);
  });

  test('that the environment had before are named while it lives, and none else', async () => {
    const world = holding();
    world.observation.source.markedRoles = [role('former'), role('acas_demo'), role('strange', 'other'), role('older')];
    expect(said(await formerIn(world))).toEqual([
      'ROLE_NOT_DROPPABLE role former in shop on the source: rights on table public.of_shop',
      'ROLE_NOT_DROPPABLE role older in shop on the source: rights on table public.of_shop',
    ]);
  });

  test.each<[string, (observation: Draft<Observation>) => unknown, string[]]>([
    ["that are somebody else's stay", ({ source }) => (source.role!.comment = null), ['clone']],
    ['that are gone are held by nothing', ({ source }) => (source.role = null), ['clone']],
    ["whose copy is somebody else's by now stay", ({ target }) => (target!.role!.comment = null), ['source']],
    ['whose copy is gone are held by nothing there', ({ target }) => (target!.role = null), ['source']],
    ['of which no copy is known are asked of on the source', ({ target }) => delete target!.role, ['source']],
    [
      'of production by another address are those of the source',
      ({ target }) => (target!.isSourceServer = true),
      ['source'],
    ],
  ])('%s', async (_, change, sides) => {
    const world = holding();
    world.observation.target!.markedRoles = [];
    change(world.observation);
    const found = (await surveyIn(world)).map(({ seen }) => / on the (\w+): /.exec(seen)![1]);
    expect(found).toEqual(sides);
  });

  test('that a clone which is production by another address had before are not counted twice', async () => {
    const world = holding();
    world.observation.source.role = null;
    Object.assign(world.observation.target!, { isSourceServer: true, markedRoles: [role('older')] });
    expect(await surveyIn(world)).toEqual([]);
  });

  test('without a clone are looked at on the source alone', async () => {
    const world = holding();
    world.observation.target = null;
    expect((await surveyIn(world)).map(({ seen }) => / on the (\w+): /.exec(seen)![1])).toEqual(['source']);
  });

  const connect = (object: string): World => granting(() => [{ database: null, count: 1 }], cloned, object);

  test('lose by a teardown the grants that it gave: of ours those on linked databases, of former ones their own', async () => {
    const world = connect('ledger');
    world.observation.source.markedRoles = [role('former')];
    world.observation.target!.markedRoles = [role('older')];
    const held = (await surveyIn(world)).map(({ seen }) => /^role (\w+)/.exec(seen)![1]);
    expect(held).toEqual(['former', 'older']);
    expect(said(await formerIn(world))).toEqual([
      'ROLE_NOT_DROPPABLE role former in shop on the source: rights on database ledger',
    ]);
    world.observation.source.markedRoles = [{ ...role('former'), connectGrants: ['ledger'] }];
    expect(await formerIn(world)).toEqual([]);
    expect(await surveyIn(connect('elsewhere'))).toHaveLength(2);
  });

  test('of the cluster as a whole are asked in the first database, of any other database in it', async () => {
    const rows = [
      { database: null, count: 1 },
      { database: 'ledger', count: 1 },
    ];
    const world = granting(inShopOfSource(rows));
    tell(world.facts, roleHoldings, (_, __, shared) => ({
      ...NOTHING_HELD,
      other: [shared ? 'parameter p' : 'rule r'],
    }));
    expect(said(await surveyIn(world))).toEqual([
      'ROLE_NOT_DROPPABLE role acas_demo in shop on the source: rights on database elsewhere',
      'ROLE_NOT_DROPPABLE role acas_demo in shop on the source: parameter p',
      'ROLE_NOT_DROPPABLE role acas_demo in ledger on the source: rights on table public.of_ledger',
      'ROLE_NOT_DROPPABLE role acas_demo in ledger on the source: rule r',
    ]);
  });

  test.each([
    [1, '1 thing'],
    [2, '2 things'],
  ])('held in a database that does not let us in: %i is said to be there', async (count, things) => {
    const world = granting(inShopOfSource([{ database: 'closed', count }]));
    expect(said(await surveyIn(world))).toEqual([
      `ROLE_NOT_DROPPABLE role acas_demo in closed on the source: ${things} that could not be looked at (CONNECT_DATABASE_MISSING)`,
    ]);
  });

  test.each([
    [sqlError('57014'), { code: '57014' }],
    [sqlError('57P01'), { code: 'CONNECTION_LOST' }],
  ])('that cannot be read, for %s, are not passed over', async (error, expected) => {
    const world = answering({ [GRANTS]: () => error, [HOLDING]: () => [{ database: 'shop', count: 1 }] });
    await expect(surveyIn(world)).rejects.toMatchObject(expected);
  });
});
