import { OperatorError } from '../../../errors/operator-error';
import { Live, type Looking } from '../../../sql-runner/actions/live';
import type { WatchSample } from '../../../sql-runner/actions/watch';
import { sourceContract } from '../support/contract';
import { inVirtualTime } from '../support/virtual-time';
import { sampleOf, streamOf } from '../support/stream-status';

const INTERVAL = 10;
let now = 0;

/** With a clock that stands still unless it is set on. */
async function clocked(body: () => Promise<void> | void): Promise<void> {
  const { now: real } = Date;
  now = Date.parse('2026-01-02T03:04:05Z');
  Date.now = () => now;
  await Promise.resolve(body()).finally(() => (Date.now = real));
}

const SAMPLE = sampleOf([streamOf('shop')]);
const refused = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });

const looking = (sample: () => Promise<WatchSample>): Looking => ({
  source: sourceContract(['shop', 'ledger']),
  outputsAt: new Date(0),
  sample,
});

function liveOf(...answers: (WatchSample | Error | 'hangs')[]): Live {
  return liveEvery(INTERVAL, answers);
}

function liveEvery(interval: number, answers: (WatchSample | Error | 'hangs')[]): Live {
  const look = () => {
    const answer = answers.shift();
    if (answer === 'hangs') return new Promise<WatchSample>(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer!);
  };
  return new Live(looking(look), interval);
}

const said = (live: Live) => [live.view().sample, live.view().unseen?.code ?? null];

test('before the first look nothing was seen, and the streams are named all the same', () =>
  clocked(() => {
    const live = liveOf();
    expect(said(live)).toEqual([null, 'LOOK_OVERDUE']);
    expect(live.view().unseen!.seen).toBe('nothing was seen yet: the first look began 0 s ago');
    expect(live.view()).toMatchObject({ seenAt: null, looks: { seen: 0, unseen: 0 } });
    expect(live.view().streams.map(({ slot }) => slot)).toEqual(['acas_demo_shop', 'acas_demo_ledger']);
  }));

test('what was seen is said until a look fails, and again after the next', () =>
  clocked(async () => {
    const live = liveOf(SAMPLE, refused, SAMPLE);
    await live.lookOnce();
    expect(said(live)).toEqual([SAMPLE, null]);
    await live.lookOnce();
    expect(said(live)).toEqual([null, 'CONNECT_REFUSED']);
    expect(live.view().seenAt).toEqual(new Date(now));
    await live.lookOnce();
    expect(said(live)).toEqual([SAMPLE, null]);
    expect(live.view().looks).toEqual({ seen: 2, unseen: 1 });
  }));

test('what a look tells on its way is said at once', () =>
  clocked(async () => {
    const [before, onTheWay] = [SAMPLE, sampleOf([streamOf('ledger')])];
    let looks = 0;
    const live = new Live(
      {
        ...looking(() => Promise.resolve(before)),
        sample: (meanwhile) => {
          looks += 1;
          if (looks === 1) return Promise.resolve(before);
          meanwhile(onTheWay);
          return new Promise(() => undefined);
        },
      },
      INTERVAL,
    );
    await live.lookOnce();
    void live.lookOnce();
    expect(said(live)).toEqual([onTheWay, null]);
    expect(live.view().looks).toEqual({ seen: 1, unseen: 0 });
  }));

test('that a stream follows is said for as long as an answer may take, and again once one comes', () =>
  clocked(async () => {
    let answer: (sample: WatchSample) => void = () => undefined;
    let looks = 0;
    const sample = (meanwhile: (sample: WatchSample) => void) => {
      looks += 1;
      if (looks === 1) return Promise.resolve(SAMPLE);
      answer = meanwhile;
      return new Promise<WatchSample>(() => undefined);
    };
    const live = new Live({ ...looking(() => Promise.resolve(SAMPLE)), sample }, INTERVAL);
    await live.lookOnce();
    now += INTERVAL * 1_000;
    expect(said(live)).toEqual([SAMPLE, null]);
    void live.lookOnce();
    now += 3_000;
    expect(said(live)).toEqual([SAMPLE, null]);
    now += 1;
    expect(said(live)).toEqual([null, 'LOOK_OVERDUE']);
    answer(SAMPLE);
    now += 3_000;
    expect(said(live)).toEqual([SAMPLE, null]);
    now += 1;
    expect(said(live)).toEqual([null, 'LOOK_OVERDUE']);
  }));

test('a look that hangs makes what was seen before grow old', () =>
  clocked(async () => {
    const unwell = sampleOf([streamOf('shop', { state: 'stopped' })]);
    const live = liveOf(unwell, 'hangs');
    await live.lookOnce();
    void live.lookOnce();
    now += 3 * INTERVAL * 1_000;
    expect(said(live)).toEqual([unwell, null]);
    now += 1;
    expect(said(live)).toEqual([null, 'LOOK_OVERDUE']);
    expect(live.view().unseen!.seen).toBe('the streams were seen last 30 s ago');
  }));

test('looks for as long as it is to go on, whatever a look ends with', async () => {
  const live = new Live(
    looking(() => Promise.reject(refused)),
    0.001,
  );
  let left = 3;
  await live.run(() => left-- > 0);
  expect(live.view().looks).toEqual({ seen: 0, unseen: 3 });
});

test('between two looks it waits for as long as it was told', () =>
  inVirtualTime(async () => {
    const live = liveEvery(INTERVAL, [SAMPLE, SAMPLE, SAMPLE, SAMPLE, SAMPLE]);
    const began = Date.now();
    await live.run(() => Date.now() - began < 2.5 * INTERVAL * 1_000);
    expect(live.view().looks).toEqual({ seen: 3, unseen: 0 });
  }));

test('what is seen late is as good as what is seen at once, and with long intervals it grows old after three', () =>
  clocked(async () => {
    const live = liveEvery(20, [SAMPLE]);
    now += 1_000_000;
    await live.lookOnce();
    now += 60_000;
    expect(said(live)).toEqual([SAMPLE, null]);
    now += 1;
    expect(said(live)).toEqual([null, 'LOOK_OVERDUE']);
  }));
