import { streamOf } from '../../../sql-runner/model/streams';
import { connectionsFor, forgottenAmong, namedIn } from '../../../sql-runner/observe/forgotten';
import type { PublicationCopyFacts } from '../../../sql-runner/model/inheritable';
import { formatMark } from '../../../sql-runner/model/mark';
import { sourceContract, stream } from '../support/contract';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { following } from '../support/observations';

const mark = (slot: string, environment = 'demo') => formatMark({ kind: 'publication', environment, slot });
const published = (database: string, name: string, comment: string | null): PublicationCopyFacts => ({
  ...INHERITABLE.publications[0]!,
  database,
  name,
  comment,
});
const forgotten = (database: string, name: string, slot = name) =>
  streamOf(database, { ...stream(database), publication: name, slot, subscription: name });

test.each([
  ['one that the environment names', [published('shop', 'acas_demo_shop', mark('acas_demo_shop'))], []],
  ['one without our mark', [published('old', 'acas_demo_old', null)], []],
  ['one of another environment', [published('old', 'acas_demo_old', mark('acas_demo_old', 'other'))], []],
  [
    'one of ours in a database that was taken out',
    [published('old', 'acas_demo_old', mark('acas_demo_old'))],
    [forgotten('old', 'acas_demo_old')],
  ],
  [
    'one that was renamed, by the slot of before',
    [published('shop', 'renamed', mark('acas_demo_shop'))],
    [forgotten('shop', 'renamed', 'acas_demo_shop')],
  ],
  [
    'one that has the name of a stream in another database',
    [published('ledger', 'acas_demo_shop', mark('acas_demo_shop'))],
    [forgotten('ledger', 'acas_demo_shop')],
  ],
])('of the publications of the source, %s', (_, publications, expected) => {
  expect(forgottenAmong(sourceContract(), publications)).toEqual(expected);
});

describe('the environment', () => {
  /** A source that has publications of ours beside those that the environment names. */
  function withForgotten(...names: string[]): World {
    const world = newWorld(following);
    Object.assign(world.observation.source.databases, { old: { ...world.observation.source.databases.shop! } });
    world.observation.source.inheritable.publications = names.map((name) => {
      const [database] = name.split(' ') as [string];
      return published(database, name.replace(' ', '_'), mark(name.replace(' ', '_')));
    });
    return world;
  }
  const linksFor = (world: World, mode: 'apply' | 'reset' | 'teardown') =>
    inWorld(world, async () => {
      const connections = await connectionsFor(world.opening, world.contracts, mode);
      const before = world.open.size;
      await connections.close();
      const { connects, contracts } = connections;
      const named = namedIn(connections).links;
      return { links: contracts.source.links, named, connects, target: contracts.target, before };
    });

  test('of a plan to apply is what its file says, and nothing is looked for', async () => {
    const world = withForgotten('old x');
    expect((await linksFor(world, 'apply')).links).toEqual(world.contract.links);
    expect(world.log).toEqual([]);
  });

  test.each(['teardown', 'reset'] as const)('of a %s has all that it ever had', async (mode) => {
    const world = withForgotten('shop x', 'shop y', 'old x');
    const { links, named, connects, target, before } = await linksFor(world, mode);
    expect([named, connects]).toEqual([world.contract.links, mode === 'reset']);
    expect(links).toEqual([
      {
        database: 'shop',
        streams: [stream('shop'), forgotten('shop', 'shop_x').stream, forgotten('shop', 'shop_y').stream],
      },
      { database: 'ledger', streams: [stream('ledger')] },
      { database: 'old', streams: [forgotten('old', 'old_x').stream] },
    ]);
    expect(target).toBe(world.contracts.target);
    // Those of the smaller one are closed.
    expect([before, world.open.size]).toEqual([0, 0]);
  });

  test('of a teardown is what its file says where nothing was forgotten', async () => {
    const world = withForgotten();
    const { links, before } = await linksFor(world, 'teardown');
    expect(links).toBe(world.contract.links);
    // The connections by which it was seen are those that the teardown goes on with.
    expect(before).toBeGreaterThan(0);
    expect(world.open.size).toBe(0);
  });

  test('that cannot be read leaves no session open', async () => {
    const world = withForgotten();
    world.onSql = (sql) => (sql.includes('AS "needsIdentity"') ? sqlError('57014') : undefined);
    await expect(linksFor(world, 'teardown')).rejects.toMatchObject({ code: '57014' });
    expect(world.open.size).toBe(0);
  });
});
