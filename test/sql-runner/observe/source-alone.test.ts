import { troubleIn } from '../support/trouble';
import type { OperatorError } from '../../../errors/operator-error';
import { makePlan } from '../../../sql-runner/actions/run';
import { isFollowing, readStatus } from '../../../sql-runner/actions/status';
import { statusText } from '../../../sql-runner/render/status-text';
import { styleFor } from '../../../sql-runner/render/style';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { cloned, following } from '../support/observations';

/** A clone that lets nobody in. */
function withoutClone(state: typeof following = following): World {
  const world = newWorld(state);
  world.onConnect = ({ side }) => (side === 'target' ? sqlError('53300') : undefined);
  return world;
}
const statusOf = async (world: World) => {
  const status = await inWorld(world, () => readStatus(world.opening, world.contracts));
  expect([world.open.size, isFollowing(status)]).toEqual([0, false]);
  return status;
};
const states = async (world: World) => (await statusOf(world)).streams.map(({ state }) => state);
const refused = (world: World) =>
  inWorld(world, () =>
    makePlan(world.opening, world.contracts, 'apply').then(undefined, (cause: OperatorError) => cause),
  );

test('status shows what the source tells, and that a clone which is read may well run', async () => {
  const world = withoutClone();
  world.observation.source.slots[0]!.restartLsn = '0/1000000';
  const status = await statusOf(world);
  expect(status).toMatchObject({
    ticket: 'issued',
    clone: 'not reached',
    seedLsn: null,
    unread: { code: 'CONNECT_TOO_MANY', seen: expect.stringContaining('target'), next: expect.stringMatching(/./) },
    streams: [{ state: 'clone not reached', tables: 2, walStatus: 'reserved', problems: [] }, {}],
  });
  expect(status.unread!.meanwhile).toMatch(
    /^Meanwhile production keeps 48 MB of WAL for the clone; no setting limits that .*\. 2 of 2 slots are read at this/,
  );
  const text = statusText(status, styleFor(process.stdout, true));
  expect(text).toMatch(/ticket issued\n.*\n.*: not reached\n/);
  expect(text.replace(/\s+/g, ' ')).toContain(status.unread!.meanwhile);
});

test('what keeps the role out is told too; a stream that was never prepared is called that', async () => {
  const world = withoutClone();
  world.observation.source.databases.shop!.connectGrant.mayConnect = false;
  const [publication] = world.observation.source.databases.ledger!.publications;
  publication!.comment = publication!.comment!.replace(/,"ticket":.*}/, '}');
  const { streams } = await statusOf(world);
  expect(streams.map(({ state }) => state)).toEqual(['clone not reached', 'not prepared']);
  expect(streams.map(troubleIn)).toEqual([expect.stringMatching(/^ROLE_CANNOT_CONNECT: role/), null]);
});

test('a lost slot is one whatever the clone does, and the error keeps its code', async () => {
  const world = withoutClone();
  world.observation.source.slots[0]!.walStatus = 'lost';
  expect(await states(world)).toEqual(['lost', 'clone not reached']);
  const error = (await refused(world)) as OperatorError;
  expect(error.code).toBe('CONNECT_TOO_MANY');
  expect(error.seen).toMatch(/\n {2}and SLOT_LOST: replication slot acas_demo_shop [^\n]*$/);
  expect(error.why).toMatch(/ The slot of database shop is lost: .* it any more\. Meanwhile production keeps/);
  expect(error.next).toMatch(
    /^no clone can follow it again, .*: cdktf destroy demo-target, then sql-runner reset demo, then cdktf deploy demo-source, then cdktf deploy demo-target/,
  );
});

test('a slot that somebody has for himself is not called kept for the clone', async () => {
  const world = withoutClone();
  for (const { publications } of Object.values(world.observation.source.databases)) publications.length = 0;
  const error = (await refused(world)) as OperatorError;
  expect(error.seen).toMatch(/and SLOT_NAME_TAKEN: .*\n {2}and SLOT_NAME_TAKEN: /);
  expect(error.why).toMatch(/Production has no slot of ours, and keeps no WAL for the clone\.$/);
});

test('a slot that the subscription has made two-phase is its own', async () => {
  const world = withoutClone();
  world.observation.source.slots[0]!.twoPhase = true;
  expect(troubleIn((await statusOf(world)).streams[0]!)).toBeNull();
});

test('a clone of an earlier ticket is to be replaced, reachable or not', async () => {
  const world = withoutClone(cloned);
  Object.assign(world.contracts.target!, { ticketNonce: 'older' });
  expect(await states(world)).toEqual(['waiting for the clone', 'waiting for the clone']);
  expect(((await refused(world)) as OperatorError).next).toMatch(/earlier ticket: cdktf deploy demo-target/);
});

test('where the source is not read either, both are told', async () => {
  const world = newWorld(following);
  let down = false;
  world.onConnect = ({ side }) => {
    down ||= side === 'target';
    return down ? sqlError(side === 'target' ? '53300' : '28P01') : undefined;
  };
  const both = {
    code: 'CONNECT_TOO_MANY',
    seen: expect.stringMatching(/target .*\n {2}and the source was not read either: CONNECT_AUTH: .* source/),
  };
  await expect(inWorld(world, () => readStatus(world.opening, world.contracts))).rejects.toMatchObject(both);
  down = false;
  expect(await refused(world)).toMatchObject(both);
});

test('what is not the clone’s is told as before', async () => {
  const world = newWorld(following);
  world.onConnect = ({ side }) => (side === 'source' ? sqlError('28P01') : undefined);
  await expect(inWorld(world, () => readStatus(world.opening, world.contracts))).rejects.toMatchObject({
    code: 'CONNECT_AUTH',
  });
  expect((await refused(world)) as OperatorError).toMatchObject({ why: expect.not.stringContaining('Meanwhile') });
});
