import fc from 'fast-check';
import { LagHistory, type LagSample } from '../../../sql-runner/model/lag-history';

/** A sample each second of a source that writes and a clone that applies at their own pace, until nothing is left. */
function* stream(backlog: number, writes: number, applies: number): Generator<LagSample> {
  let [written, confirmed] = [backlog, 0];
  for (let second = 0; confirmed < written; second += 1) {
    yield { at: second * 1_000, written: BigInt(written), confirmed: BigInt(confirmed) };
    written += writes;
    confirmed = Math.min(written, confirmed + applies);
  }
}

function historyOf(...samples: [at: number, written: number, confirmed: number][]): LagHistory {
  const history = new LagHistory();
  for (const [at, written, confirmed] of samples)
    history.add({ at: at * 1_000, written: BigInt(written), confirmed: BigInt(confirmed) });
  return history;
}

test('once a quarter is done, it is known within a quarter when the rest will be', () => {
  const paces = fc.record({
    backlog: fc.integer({ min: 1_000_000, max: 50_000_000 }),
    writes: fc.integer({ min: 0, max: 50_000 }),
    gain: fc.integer({ min: 50_000, max: 400_000 }),
  });
  fc.assert(
    fc.property(paces, ({ backlog, writes, gain }) => {
      const samples = [...stream(backlog, writes, writes + gain)];
      const history = new LagHistory();
      samples.forEach((sample, index) => {
        history.add(sample);
        const left = samples.length - index;
        if (index === 0 || index < samples.length / 4) return;
        const { etaSeconds } = history.pace();
        expect(Math.abs(etaSeconds! - left)).toBeLessThanOrEqual(left / 4 + 1);
      });
    }),
    { numRuns: 60 },
  );
});

test('the rates are those of the last half minute', () => {
  const history = historyOf([0, 0, 0], [10, 1_000_000, 0], [20, 1_000_000, 100], [40, 1_000_200, 400]);
  expect(history.pace()).toMatchObject({ writeRate: 200 / 30, applyRate: 400 / 30 });
});

test('those who look seldom are told the pace between their last two looks', () => {
  const history = historyOf([0, 0, 0], [60, 600, 60], [120, 6_600, 120]);
  expect(history.pace()).toMatchObject({ writeRate: 100, applyRate: 1 });
});

test('one that falls back, or does not move, has no end in sight', () => {
  expect(historyOf([0, 100, 0], [10, 300, 100]).pace()).toMatchObject({ etaSeconds: null });
  expect(historyOf([0, 100, 50], [10, 100, 50]).pace()).toMatchObject({ etaSeconds: null, applyRate: 0 });
});

test('how long the rest takes at the pace of both sides', () => {
  expect(historyOf([0, 1_000, 0], [10, 1_500, 600]).pace()).toMatchObject({ etaSeconds: 90 });
  // It has caught up, though it came no nearer.
  expect(historyOf([0, 50, 50], [10, 100, 100]).pace()).toMatchObject({ etaSeconds: 0 });
});

test('one sample tells how much is to go, and nothing of the pace', () => {
  const history = historyOf([5, 100, 40]);
  const unknown = { writeRate: null, applyRate: null, etaSeconds: null };
  expect(history.pace()).toEqual({ ...unknown, behindSeconds: 0, atLeast: true });
  expect(history.lags(9)).toEqual([60]);
  expect(new LagHistory().pace()).toEqual({ ...unknown, behindSeconds: null, atLeast: false });
});

test('how old the oldest WAL is that is not confirmed', () => {
  const history = historyOf([0, 0, 0], [10, 100, 0], [20, 200, 0], [30, 300, 100]);
  expect(history.pace()).toMatchObject({ behindSeconds: 20, atLeast: false });
  expect(historyOf([0, 0, 0], [10, 100, 0]).pace()).toMatchObject({ behindSeconds: 10, atLeast: false });
  expect(historyOf([0, 50, 0], [10, 100, 20]).pace()).toMatchObject({ behindSeconds: 10, atLeast: true });
  expect(historyOf([0, 50, 0], [10, 100, 100]).pace()).toMatchObject({
    behindSeconds: 0,
    atLeast: false,
    etaSeconds: 0,
  });
});

test('a position that went back begins anew, as does a time without a look', () => {
  const history = historyOf([0, 1_000, 900], [10, 500, 400], [20, 600, 500]);
  expect(history.lags(9)).toEqual([100, 100]);
  history.add({ at: 30_000, written: 700n, confirmed: 100n });
  expect(history.lags(9)).toEqual([600]);
  history.add({ at: 40_000, written: 600n, confirmed: 100n });
  expect(history.lags(9)).toEqual([500]);
  history.forget();
  expect(history.lags(9)).toEqual([]);
});

test('no more is kept than an hour of looks every two seconds', () => {
  const history = new LagHistory();
  for (let index = 0; index < 4_000; index += 1) history.add({ at: index, written: BigInt(index), confirmed: 0n });
  expect(history.lags(9_999)).toHaveLength(1_800);
  expect(history.lags(3)).toEqual([3_997, 3_998, 3_999]);
});
