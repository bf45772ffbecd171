import { schemaOwners } from '../../../sql-runner/postgres/catalog/heartbeats';
import { tell } from '../support/facts';
import { newWorld, type World } from '../support/fake-world';
import { surveyIn } from '../support/held-world';
import { following } from '../support/observations';

/** A subscription of ours that somebody else owns by now. */
function ofOthers(
  change: (stream: NonNullable<World['observation']['target']>['databases'][string]['streams'][string]) => void,
) {
  const world = newWorld(following);
  const stream = world.observation.target!.databases.shop!.streams.acas_demo_shop!;
  Object.assign(stream.options!, { mayAlter: false, values: { ...stream.options!.values, owner: 'other' } });
  change(stream);
  return surveyIn(world);
}

test('a subscription of ours that somebody else owns is named once, on the clone, with its owner', async () => {
  expect(await ofOthers(() => undefined)).toMatchObject([
    {
      code: 'DROP_NOT_ALLOWED',
      seen: 'there is subscription acas_demo_shop of ours in database shop on the clone, which master may not drop: other owns it',
    },
  ]);
});

test('nothing is said of one that the login may drop, that is not ours, or that could not be read', async () => {
  expect(await ofOthers(({ options }) => (options!.mayAlter = true))).toEqual([]);
  expect(await ofOthers(({ subscription }) => (subscription!.comment = null))).toEqual([]);
  expect(await ofOthers((stream) => delete stream.options)).toEqual([]);
});

test.each([
  ['may drop and use', { mayDrop: true, mayUse: true }, []],
  [
    'may drop and not use',
    { mayDrop: true, mayUse: false },
    [{ seen: expect.stringMatching(/master owns, and may not use/), next: expect.stringContaining('GRANT ALL ON') }],
  ],
  [
    'may neither drop nor use',
    { mayDrop: false, mayUse: false },
    [{ seen: expect.stringMatching(/master may not drop: me owns it/), next: expect.stringContaining('ALTER SCHEMA') }],
  ],
])('a schema of ours that the login %s', async (_, rights, expected) => {
  const world = newWorld(following);
  tell(world.facts, schemaOwners, ({ side, database }) =>
    side === 'source' && database === 'shop' ? [{ schema: 'acas_demo_shop', owner: 'me', ...rights }] : [],
  );
  expect(await surveyIn(world)).toMatchObject(expected);
});
