import { untilDisabledEnded } from '../../../sql-runner/execute/ending-workers';
import type { Execution } from '../../../sql-runner/execute/execution';
import { changeOf } from '../../../sql-runner/model/change';
import type { EngineEvent } from '../../../sql-runner/model/events';
import type { Plan } from '../../../sql-runner/model/plan';
import { streamsOf } from '../../../sql-runner/model/streams';
import { applyWorkers } from '../../../sql-runner/postgres/catalog/apply-workers';
import { slotReaders } from '../../../sql-runner/postgres/catalog/senders';
import { tell } from '../support/facts';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';

const SHOP = 'acas_demo_shop';
/** What is seen at each look, the last of them on and on. */
type Look = 'worker' | 'sender' | 'nothing';

/** @returns what came of it, and for how long it was waited for, in seconds */
async function waitingFor(looks: Look[], { enables = true, enabled = false, interrupted = false } = {}) {
  const world = newWorld(following);
  const [shop] = streamsOf(world.contract);
  const next = () => (looks.length > 1 ? looks.shift()! : looks[0]!);
  let now: Look = 'nothing';
  let asked = 0;
  tell(world.facts, applyWorkers, () => {
    [now, asked] = [next(), asked + 1];
    // That of another stream concerns nobody.
    return [
      { ...workerAtWork(SHOP, 'shop'), enabled, pid: now === 'worker' ? 4711 : null },
      { ...workerAtWork('acas_demo_ledger', 'ledger'), enabled: false },
    ];
  });
  tell(world.facts, slotReaders, () => [
    { ...readerAtWork(SHOP), active: now !== 'nothing' },
    readerAtWork('acas_demo_ledger'),
  ]);
  const change = changeOf({
    address: { ...shop!.subscriber, kind: enables ? 'subscription-enabled' : 'subscription-connection', name: SHOP },
    action: 'update',
    reason: '',
    preview: [],
    operation: { kind: 'drain', streams: [] },
  });
  return inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    const execution = {
      connections,
      listener: (event: EngineEvent) => world.events.push(event),
      interrupted: () => interrupted,
    } as unknown as Execution;
    const began = Date.now();
    const waited = await untilDisabledEnded(execution, { changes: [change] } as unknown as Plan);
    await connections.close();
    return { waited, seconds: Math.round((Date.now() - began) / 1_000), asked, events: world.events.length };
  });
}

test('a plan that enables nothing, and one of a stream that stands still, are good at once', async () => {
  expect(await waitingFor(['worker'], { enables: false })).toMatchObject({ waited: false, asked: 0 });
  expect(await waitingFor(['nothing'])).toMatchObject({ waited: false, asked: 1, events: 0 });
});

test('a worker that is about to end, and then its sender, are waited for, and told of once', async () => {
  const looks = [...Array<Look>(40).fill('worker'), ...Array<Look>(4).fill('sender'), 'nothing' as const];
  expect(await waitingFor(looks)).toMatchObject({ waited: true, asked: 45, events: 1 });
});

test('whoever does not end is not waited for without end: the guard tells', async () => {
  expect(await waitingFor(['worker'])).toMatchObject({ waited: true, seconds: 60 });
  expect(await waitingFor(['sender'])).toMatchObject({ waited: true, seconds: 5 });
});

test('the worker of one that somebody has enabled meanwhile does not end', async () => {
  expect(await waitingFor(['worker'], { enabled: true })).toMatchObject({ seconds: 5 });
});

test('who is asked to stop does not wait', async () => {
  expect(await waitingFor(['worker'], { interrupted: true })).toMatchObject({ waited: false, seconds: 0 });
});
