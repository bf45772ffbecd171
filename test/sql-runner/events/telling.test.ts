import type { Budget } from '../../../contract/contract';
import { OperatorError } from '../../../errors/operator-error';
import type { LiveView } from '../../../sql-runner/actions/live';
import type { StreamStatus } from '../../../sql-runner/actions/status';
import type { ServeEvent } from '../../../sql-runner/events/event';
import { Telling } from '../../../sql-runner/events/telling';
import { BudgetChanges } from '../../../sql-runner/past/budget-changes';
import { Changes } from '../../../sql-runner/past/changes';
import type { RunRecord } from '../../../sql-runner/model/run-record';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import { verifyOf } from '../support/compared';
import { runOf } from '../support/runs';
import { costing, FAILING, SPENT } from '../support/costing';
import { sampleOf, streamOf } from '../support/stream-status';

const unseen = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });
const failing = (database: string) =>
  streamOf(database, { state: 'retrying', problems: [FAILING], next: 'n', consequence: 'c' });

/** Hands views over, one after the other, and has what was sent. */
function telling(budget: Budget | null = { bytes: 1_000_000, hours: null, onBudget: 'alarm' }) {
  const sent: ServeEvent[] = [];
  const [changes, budgets] = [new Changes(), new BudgetChanges()];
  const to = new Telling('demo', (event) => sent.push(event));
  let looks = 0;
  return {
    sent,
    again: (at: number) => to.again(at),
    verified(run: RunRecord): ServeEvent {
      to.verified(run, 7);
      return sent.at(-1)!;
    },
    /** @param streams null: nothing could be seen */
    see(streams: StreamStatus[] | null, at: number, counted = true): ServeEvent[] {
      if (counted) looks += 1;
      const view: LiveView = {
        environment: 'demo',
        streams: ['shop', 'ledger'].map((database) => ({ database, slot: `acas_demo_${database}` })),
        sample: streams === null ? null : sampleOf(streams),
        unseen: streams === null ? unseen : null,
        seenAt: new Date(0),
        looks: { seen: looks, unseen: 0 },
        outputsAt: new Date(0),
      };
      const before = sent.length;
      to.note(view, [...changes.of(view, at), ...budgets.of(view, budget, at)], at);
      return sent.slice(before);
    },
  };
}

const WELL = [streamOf('shop'), streamOf('ledger')];
const BROKEN = [failing('shop'), streamOf('ledger')];
const kinds = (events: readonly ServeEvent[]) => events.map(({ kind, slot, healthy }) => [kind, slot, healthy]);

test('the first event says where everything stands, once somebody has looked', () => {
  const { see } = telling();
  expect(see(null, 0, false)).toEqual([]);
  const [first, ...others] = see(BROKEN, 1_000);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ kind: 'standing', healthy: false, unseen: null, at: '1970-01-01T00:00:01.000Z' });
  expect(first!.streams).toMatchObject([
    { database: 'shop', standing: { state: 'retrying', healthy: false, code: 'APPLY_WORKER_FAILING' } },
    { database: 'ledger', standing: { state: 'streaming', healthy: true } },
  ]);
});

test('where nothing can be seen nothing is called healthy, and what is seen then is told', () => {
  const { see } = telling();
  expect(see(null, 0)).toMatchObject([{ kind: 'standing', healthy: null, unseen: { code: 'CONNECT_REFUSED' } }]);
  expect(kinds(see(WELL, 10_000))).toEqual([
    ['look-recovered', null, null],
    ['stream', 'acas_demo_shop', true],
    ['stream', 'acas_demo_ledger', true],
  ]);
});

test('a stream that stops is told with its cause and what to do, and that it goes on again', () => {
  const { see } = telling();
  see(WELL, 0);
  expect(see(WELL, 1)).toEqual([]);
  expect(see([streamOf('shop', { state: 'catching up', lagBytes: 7 }), streamOf('ledger')], 2)).toEqual([]);
  expect(see(BROKEN, 60_000)).toMatchObject([
    {
      kind: 'stream',
      slot: 'acas_demo_shop',
      healthy: false,
      before: { state: 'streaming' },
      now: { state: 'retrying', code: 'APPLY_WORKER_FAILING', cause: 'it fails', consequence: 'c', next: 'n' },
    },
  ]);
  expect(see(BROKEN, 120_000)).toEqual([]);
  expect(see(WELL, 180_000)).toMatchObject([{ kind: 'stream', healthy: true, before: { state: 'retrying' } }]);
});

test('a look that fails is told once, and its end', () => {
  const { see } = telling();
  see(WELL, 0);
  expect(see(null, 1)).toMatchObject([{ kind: 'look-failed', unseen: { code: 'CONNECT_REFUSED', next: 'n' } }]);
  expect(see(null, 2)).toEqual([]);
  expect(kinds(see(WELL, 3))).toEqual([['look-recovered', null, null]]);
});

test('one that flaps is told six times a minute; where it came to rest is told when there is room, with how many were not', () => {
  const { see, again, sent } = telling();
  see(WELL, 0);
  for (let change = 1; change <= 21; change += 1) see(change % 2 === 1 ? BROKEN : WELL, change * 1_000);
  expect(sent).toHaveLength(1 + 6);
  again(60_999);
  expect(sent).toHaveLength(1 + 6);
  again(61_000);
  expect(sent).toHaveLength(1 + 7);
  // The sixth said well; fourteen changes later it is broken.
  expect(sent.at(-1)).toMatchObject({ healthy: false, heldBack: 14, before: { healthy: true } });
  again(200_000);
  expect(sent).toHaveLength(1 + 7);
});

test('another stream is told meanwhile', () => {
  const { see } = telling();
  see(WELL, 0);
  for (let change = 1; change <= 9; change += 1) see(change % 2 === 1 ? BROKEN : WELL, change * 1_000);
  expect(kinds(see([failing('shop'), failing('ledger')], 10_000))).toEqual([['stream', 'acas_demo_ledger', false]]);
});

const OVER = { kind: 'budget', slot: 'acas_demo_shop', exceeded: true, used: 1.2, seen: 'it costs too much' };
const WITHIN = { kind: 'budget', slot: 'acas_demo_shop', exceeded: false, seen: null };
const [shop, ledger] = [streamOf('shop'), streamOf('ledger')];

test('a budget that is used up while the stream fails for the same reason as before is told once, and its return', () => {
  const { see } = telling();
  see([costing(0.7), ledger], 0);
  expect(see([costing(1.2), ledger], 1)).toMatchObject([{ ...OVER, healthy: false, next: 'free it' }]);
  expect(see([costing(1.9), ledger], 2)).toEqual([]);
  expect(see([costing(0.4), ledger], 3)).toMatchObject([{ ...WITHIN, used: 0.4, healthy: false }]);
  expect(see([costing(0.3), ledger], 4)).toEqual([]);
});

test('of a stream that was healthy until then it is told as both, and once it is well again too', () => {
  const { see } = telling();
  see(WELL, 0);
  expect(see([streamOf('shop', { problems: [SPENT], budgetUsed: 1.2 }), ledger], 1)).toMatchObject([
    { kind: 'stream', healthy: false, now: { code: 'WAL_BUDGET_EXCEEDED' } },
    OVER,
  ]);
  expect(kinds(see(WELL, 2))).toEqual([
    ['stream', 'acas_demo_shop', true],
    ['budget', 'acas_demo_shop', true],
  ]);
});

test('one that is over its budget when serve begins is told after where everything stands', () => {
  const { see } = telling();
  expect(see([costing(1.2), ledger], 0)).toMatchObject([{ kind: 'standing' }, OVER]);
});

test('a budget at its edge is told six times a minute, beside what the stream does', () => {
  const { see, again, sent } = telling();
  see([costing(0.7), ledger], 0);
  for (let change = 1; change <= 21; change += 1) see([costing(change % 2 === 1 ? 1.2 : 0.7), ledger], change * 1_000);
  expect(sent).toHaveLength(1 + 6);
  expect(kinds(see(WELL, 22_000))).toEqual([['stream', 'acas_demo_shop', true]]);
  again(61_000);
  expect(sent.at(-1)).toMatchObject({ kind: 'budget', exceeded: false, heldBack: 15 });
});

test('a comparison of rows is no statement about streams, unless rows differ', () => {
  const { see, verified } = telling();
  see(WELL, 0);
  const equal = verifyOf(1, { shop: 'equal', ledger: 'equal' });
  expect(verified(equal)).toMatchObject({
    kind: 'verification',
    slot: null,
    healthy: null,
    told: 'rows: equal',
    run: equal.run,
    ended: equal.ended,
    exitCode: 0,
    comparison: equal.comparison,
  });
  expect(verified(verifyOf(1, { shop: 'not equal', ledger: 'equal' }))).toMatchObject({ healthy: false });
  expect(verified(verifyOf(1, { shop: 'not settled' }))).toMatchObject({ healthy: null, outcome: 'not settled' });
  const refused = runOf({
    mode: 'verify',
    ended: equal.ended,
    outcome: 'refused',
    code: 'NOT_STREAMING',
    exitCode: 13,
  });
  expect(verified(refused)).toMatchObject({
    healthy: null,
    outcome: 'refused',
    code: 'NOT_STREAMING',
    comparison: null,
  });
});

test('each event is as its schema says, with an id of its own', () => {
  const { see, sent, verified } = telling();
  see(WELL, 0);
  see(BROKEN, 1);
  see(null, 2);
  see(WELL, 3);
  see([costing(1.2), ledger], 4);
  see([shop, ledger], 5);
  verified(verifyOf(1, { shop: 'not equal' }));
  verified(
    runOf({ mode: 'verify', ended: '2026-01-01T00:00:09.000Z', outcome: 'failed', code: 'SLOT_LOST', exitCode: 10 }),
  );
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  expect(new Set(sent.map(({ kind }) => kind)).size).toBe(6);
  for (const event of sent) {
    expect(eventBody.safeParse(JSON.parse(JSON.stringify({ ...event, dropped: 0 }))).error).toBeUndefined();
    expect(eventBody.safeParse({ ...event, dropped: 0, more: 1 }).error).toBeDefined();
  }
});
