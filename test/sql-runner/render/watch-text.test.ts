import { aProblem } from '../support/trouble';
import pico from 'picocolors';
import { LagHistory } from '../../../sql-runner/model/lag-history';
import { duration } from '../../../sql-runner/render/duration';
import { changesText, sparkline, watchJson, watchText } from '../../../sql-runner/render/watch-text';
import { sampleOf, streamOf } from '../support/stream-status';

const plain = pico.createColors(false);

/** Half a gigabyte behind, of which 8 MB a second are written off. */
function behind(): LagHistory {
  const history = new LagHistory();
  for (let second = 0; second <= 30; second += 2) {
    const written = 1_000_000_000n + BigInt(second) * 2_000_000n;
    history.add({ at: second * 1_000, written, confirmed: 500_000_000n + BigInt(second) * 10_000_000n });
  }
  return history;
}

test('a stream that catches up: how much, how old, how fast, and when it is done', () => {
  const stream = streamOf('shop', { state: 'catching up', lagBytes: 260_000_000 });
  const text = watchText(sampleOf([stream, streamOf('ledger')], new Map([[stream.slot, behind()]])), plain);
  expect(text.split('\n')).toEqual([
    'Environment demo: clone deployed, 03:04:05 UTC',
    'read in whole at 03:03:55; since then only how far the streams are',
    '',
    'database  state           to go  behind  written/s  applied/s  done in  trend',
    'shop      catching up  260.0 MB  > 30 s     2.0 MB    10.0 MB     33 s  ████▇▇▇▆',
    'ledger    streaming         0 B       -          -          -        -',
  ]);
});

test('whatever a stream is called and however it stands, the table fits a terminal, or leaves out the trend', () => {
  const name = 'a_database_with_a_long_name';
  const stream = streamOf(name, { state: 'waiting for the clone', lagBytes: 260_000_000 });
  const lines = watchText(sampleOf([stream], new Map([[stream.slot, behind()]])), plain).split('\n');
  expect(lines.join('\n')).not.toMatch(/trend|█/);
  for (const line of watchText(sampleOf([streamOf('shop', { state: 'clone not reached' })]), plain).split('\n'))
    expect(line.length).toBeLessThanOrEqual(80);
});

test('what speaks against a stream stands below it', () => {
  const text = watchText(
    sampleOf([streamOf('shop', { state: 'disabled', lagBytes: null, problems: [aProblem('SUBSCRIPTION_DISABLED')] })]),
    plain,
  );
  expect(text).toMatch(/disabled\s+-\s+-\s+-\s+-\s+-\n\nshop: disabled\n {2}SUBSCRIPTION_DISABLED: it is so\n/);
});

test('without a terminal only what has changed is said', () => {
  const before = sampleOf([streamOf('shop'), streamOf('ledger')]);
  const doubted = streamOf('ledger', {
    state: 'not proven',
    problems: [aProblem('CONTINUITY_NOT_PROVEN')],
    lagBytes: 5,
  });
  expect(changesText(before, sampleOf([streamOf('shop', { lagBytes: 9 }), streamOf('ledger')]), plain)).toEqual([]);
  expect(changesText(before, sampleOf([streamOf('shop'), doubted]), plain)).toEqual([
    '03:04:05 ledger: not proven; CONTINUITY_NOT_PROVEN: it is so; n, 5 B to go',
  ]);
  const stopped = streamOf('shop', { state: 'retrying', lagBytes: null, problems: [aProblem('APPLY_WORKER_FAILING')] });
  expect(changesText(before, sampleOf([stopped, streamOf('ledger')]), plain)).toEqual([
    '03:04:05 shop: retrying; APPLY_WORKER_FAILING: it is so; n',
  ]);
});

test('a machine reads whether all follow, and the pace of each', () => {
  const stream = streamOf('shop', { lagBytes: 260_000_000 });
  const sample = sampleOf([stream, streamOf('ledger')], new Map([[stream.slot, behind()]]));
  expect(JSON.parse(JSON.stringify(watchJson(sample)))).toMatchObject({
    type: 'sample',
    at: '2026-01-02T03:04:05.000Z',
    wholeAt: '2026-01-02T03:03:55.000Z',
    following: true,
    environment: 'demo',
    streams: [
      { database: 'shop', pace: { writeRate: 2_000_000, applyRate: 10_000_000, etaSeconds: 32.5, atLeast: true } },
      { database: 'ledger', pace: null },
    ],
  });
  expect(watchJson(sampleOf([streamOf('shop', { state: 'cut off' })]))).toMatchObject({ following: false });
});

test.each([
  [[], ''],
  [[0, 0], '▁▁'],
  [[0, 1, 50, 100], '▁▂▅█'],
  [[7], '█'],
])('the trend of %j', (lags, drawn) => expect(sparkline(lags)).toBe(drawn));

test.each([
  [0, '0 s'],
  [0.2, '1 s'],
  [89, '89 s'],
  [90, '2 min'],
  [3_540, '59 min'],
  [3_600, '1 h'],
  [12_000, '3 h 20 min'],
])('%d seconds', (seconds, said) => expect(duration(seconds)).toBe(said));
