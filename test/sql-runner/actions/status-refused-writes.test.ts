import { exitOfStatus } from '../../../sql-runner/commands/exit-of-status';
import { readStatus } from '../../../sql-runner/actions/status';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { metricsText } from '../../../sql-runner/render/metrics';
import { exposition } from '../support/exposition';
import { sampleOf, streamOf } from '../support/stream-status';

import { cloned, following, prepared } from '../support/observations';
import { troubleIn } from '../support/trouble';

/**
 * Production's own UPDATE and DELETE fail while a published table has lost its identity: the worst that a publication
 * does to it. So status and what rests on it say it of every stream, from the publication on, clone or no clone.
 */
const REFUSES =
  /^SOURCE_REFUSES_WRITES: production refuses UPDATE and DELETE on public\.orders \(REPLICA IDENTITY NOTHING\) .*ALTER TABLE "public"\."orders" REPLICA IDENTITY DEFAULT;$/;

function refusing(world: World): World {
  const tables = world.observation.source.databases.shop!.tables;
  Object.assign(
    tables.find(({ name }) => name === 'orders')!,
    {
      replicaIdentity: 'n',
      identityFault: 'REPLICA IDENTITY NOTHING',
    },
  );
  return world;
}

const statusOf = (world: World) => inWorld(world, () => readStatus(world.opening, world.contracts));

test.each([
  ['that follows', following, 'streaming'],
  ['whose clone is not connected yet', cloned, 'not connected yet'],
  ['that has no clone yet', prepared, 'waiting for the clone'],
])('of a stream %s it is told first, with what ends it', async (_, start, state) => {
  const status = await statusOf(refusing(newWorld(start)));
  const [shop, ...others] = status.streams;
  expect(shop!.state).toBe(state);
  expect(troubleIn(shop!)).toMatch(REFUSES);
  expect(others.map(troubleIn).join()).not.toContain('SOURCE_REFUSES_WRITES');
  expect(exitOfStatus(status, [], false)).toBe(13);
});

test('while the clone cannot be reached the source tells it', async () => {
  const world = refusing(newWorld(following));
  world.onConnect = ({ side }) => (side === 'target' ? sqlError('53300') : undefined);
  const { clone, streams } = await statusOf(world);
  expect([clone, streams[0]!.state]).toEqual(['not reached', 'clone not reached']);
  expect(troubleIn(streams[0]!)).toMatch(REFUSES);
});

test('the metrics say it of the stream alone that does it, and nothing of one that was not seen', async () => {
  const { streams } = await statusOf(refusing(newWorld(following)));
  const at = new Date(0);
  const view = {
    environment: 'demo',
    streams: [...streams, streamOf('branch')].map(({ database, slot }) => ({ database, slot })),
    sample: sampleOf([...streams]),
    unseen: null,
    seenAt: at,
    looks: { seen: 1, unseen: 0 },
    outputsAt: at,
  };
  const { values } = exposition(await metricsText(view));
  expect(values('acas_source_refuses_writes').map(({ value }) => value)).toEqual([1, 0, Number.NaN]);
  expect(values('acas_stream_healthy').map(({ value }) => value)).toEqual([0, 1, 0]);
});
