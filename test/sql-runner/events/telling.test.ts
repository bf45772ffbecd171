import { OperatorError } from '../../../errors/operator-error';
import type { LiveView } from '../../../sql-runner/actions/live';
import type { StreamStatus } from '../../../sql-runner/actions/status';
import type { ServeEvent } from '../../../sql-runner/events/event';
import { Telling } from '../../../sql-runner/events/telling';
import { Changes } from '../../../sql-runner/past/changes';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import { sampleOf, streamOf } from '../support/stream-status';

const unseen = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });
const FAILING = { code: 'APPLY_WORKER_FAILING', seen: 'it fails', why: 'w', next: 'n' } as const;
const failing = (database: string) =>
  streamOf(database, { state: 'retrying', problems: [FAILING], next: 'n', consequence: 'c' });

/** Hands views over, one after the other, and has what was sent. */
function telling() {
  const sent: ServeEvent[] = [];
  const changes = new Changes();
  const to = new Telling('demo', (event) => sent.push(event));
  let looks = 0;
  return {
    sent,
    again: (at: number) => to.again(at),
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
      to.note(view, changes.of(view, at), at);
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

test('each event is as its schema says, with an id of its own', () => {
  const { see, sent } = telling();
  see(WELL, 0);
  see(BROKEN, 1);
  see(null, 2);
  see(WELL, 3);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  expect(new Set(sent.map(({ kind }) => kind)).size).toBe(4);
  for (const event of sent) {
    expect(eventBody.safeParse(JSON.parse(JSON.stringify({ ...event, dropped: 0 }))).error).toBeUndefined();
    expect(eventBody.safeParse({ ...event, dropped: 0, more: 1 }).error).toBeDefined();
  }
});
