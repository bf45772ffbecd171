import type { Observation } from '../../../sql-runner/model/observation';
import { formatMark } from '../../../sql-runner/model/mark';
import { heartbeatDependents } from '../../../sql-runner/postgres/catalog/heartbeat-dependents';
import { schemaOwners } from '../../../sql-runner/postgres/catalog/heartbeats';
import { publicationIdentities } from '../../../sql-runner/postgres/catalog/publication-identities';
import { tell } from '../support/facts';
import { newWorld, type World } from '../support/fake-world';
import { said, surveyIn } from '../support/held-world';
import { type Draft, following, untouched } from '../support/observations';

const mark = (environment: string) => formatMark({ kind: 'publication', environment, slot: 'acas_demo_shop' });
const owned = (name: string, comment: string | null, mayDrop: boolean) => ({
  oid: 16_400,
  name,
  comment,
  mayDrop,
  owner: 'other',
  allTables: false,
  needsIdentity: true,
});

test('nothing is said where the login may do all, and others tied nothing to ours', async () => {
  const world = newWorld(following);
  expect(await surveyIn(world)).toEqual([]);
  expect(world.open.size).toBe(0);
});

test('publications and schemas of ours that somebody else owns by now are named, on either side', async () => {
  const world = newWorld(following);
  tell(world.facts, publicationIdentities, ({ database }) => [
    owned(`acas_demo_${database}`, mark('demo'), database === 'shop'),
    owned('acas_demo_other', mark('demo'), false),
  ]);
  const schema = { schema: 'acas_demo_shop', owner: 'other', mayDrop: false, mayUse: true };
  tell(world.facts, schemaOwners, ({ side, database }) => (side === 'target' && database === 'shop' ? [schema] : []));
  expect(said(await surveyIn(world))).toEqual([
    'DROP_NOT_ALLOWED publication acas_demo_ledger in database ledger on the source',
    'DROP_NOT_ALLOWED schema acas_demo_shop in database shop on the clone',
    'DROP_NOT_ALLOWED publication acas_demo_ledger in database ledger on the clone',
  ]);
});

test.each([
  ['without a mark', null],
  ['of another environment', mark('other')],
])('a publication %s that has the name of ours is not dropped, so nothing is said', async (_, comment) => {
  const world = newWorld(following);
  tell(world.facts, publicationIdentities, () => [owned('acas_demo_shop', comment, false)]);
  expect(await surveyIn(world)).toEqual([]);
});

describe('the heartbeats', () => {
  /** @param asked is told where it was looked, and for which schemas */
  const dependents = (asked: string[] = []): World => {
    const world = newWorld(following);
    tell(world.facts, heartbeatDependents, ({ side, database }, schemas) => {
      asked.push(`${side} ${database} ${schemas.join(' ')}`);
      const rest = { object: 'x.v', part: null, keyword: null, as: null };
      return [{ schema: schemas[0]!, kind: 'view' as const, what: `view of ${database}`, ...rest }];
    });
    return world;
  };

  test('of both sides are asked for what others hung on them', async () => {
    expect(said(await surveyIn(dependents()))).toEqual([
      'HEARTBEAT_NOT_DROPPABLE the heartbeat acas_demo_shop.acas_heartbeat in shop on the source: view of shop',
      'HEARTBEAT_NOT_DROPPABLE the heartbeat acas_demo_ledger.acas_heartbeat in ledger on the source: view of ledger',
      'HEARTBEAT_NOT_DROPPABLE the heartbeat acas_demo_shop.acas_heartbeat in shop on the clone: view of shop',
      'HEARTBEAT_NOT_DROPPABLE the heartbeat acas_demo_ledger.acas_heartbeat in ledger on the clone: view of ledger',
    ]);
  });

  test.each<[string, (observation: Draft<Observation>) => unknown, string[]]>([
    [
      'that are not ours, are none',
      ({ source, target }) => {
        for (const facts of [source, target!]) facts.databases.shop!.heartbeats![0]!.comment = null;
      },
      ['source ledger acas_demo_ledger', 'target ledger acas_demo_ledger'],
    ],
    [
      'in a database that is gone, cannot be asked',
      ({ target }) => (target!.databases.shop!.exists = false),
      ['source shop acas_demo_shop', 'source ledger acas_demo_ledger', 'target ledger acas_demo_ledger'],
    ],
    [
      'whose schema was renamed, are asked under the name that it has; of a table that left it, nothing',
      ({ source }) => {
        source.databases.shop!.heartbeats = [];
        source.databases.shop!.heartbeatsElsewhere = [
          { schema: 'moved', table: 'acas_heartbeat' },
          { schema: 'renamed', table: null },
        ];
      },
      [
        'source shop renamed',
        'source ledger acas_demo_ledger',
        'target shop acas_demo_shop',
        'target ledger acas_demo_ledger',
      ],
    ],
    [
      'of a clone that is production by another address, are those of the source',
      ({ target }) => (target!.isSourceServer = true),
      ['source shop acas_demo_shop', 'source ledger acas_demo_ledger'],
    ],
  ])('%s', async (_, change, expected) => {
    const asked: string[] = [];
    const world = dependents(asked);
    change(world.observation);
    await surveyIn(world);
    expect(asked).toEqual(expected);
  });

  test('without a clone only those of the source are asked', async () => {
    const asked: string[] = [];
    const world = dependents(asked);
    world.observation.target = null;
    await surveyIn(world);
    expect(asked).toEqual(['source shop acas_demo_shop', 'source ledger acas_demo_ledger']);
  });
});

describe('the slots', () => {
  const mayNot = (state = following) => {
    const world = newWorld(state);
    world.survey.source.privileges.replicate = false;
    world.survey.source.privileges.rdsSuperuser = false;
    return world;
  };

  test('that the login may not drop are named before all else', async () => {
    const [finding, ...others] = await surveyIn(mayNot());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'REPLICATION_NOT_ALLOWED',
      seen: expect.stringMatching(/^master does not have/),
      why: expect.stringMatching(/^replication slots acas_demo_shop, acas_demo_ledger could not be dropped/),
    });
  });

  test('that are gone already need no right', async () => {
    const world = mayNot();
    world.observation.source.slots = [];
    expect(await surveyIn(world)).toEqual([]);
    expect(await surveyIn(mayNot(untouched))).toEqual([]);
  });

  test('are held by nothing where the right to drop them is there', async () => {
    const world = mayNot();
    world.survey.source.privileges.replicate = true;
    expect(said(await surveyIn(world))).toEqual([]);
  });
});
