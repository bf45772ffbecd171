import { honesty } from './honesty';
import type { Phase } from './judge';
import { Truth } from './truth';

const now = Date.parse('2026-01-02T03:04:05Z');

/** A truth that was told at these seconds, and words about it: whether healthy, and when. */
function heard(standings: readonly [number, Phase][], words: readonly [number, boolean][]): Truth {
  const truth = new Truth(['shop'], () => undefined);
  const clock = jest.spyOn(Date, 'now');
  for (const [at, phase] of standings) {
    clock.mockReturnValue(now + at * 1_000);
    truth.is(phase, phase);
  }
  clock.mockRestore();
  for (const [at, healthy] of words)
    truth.hear({
      by: 'status',
      database: 'shop',
      asked: now + at * 1_000,
      answered: now + at * 1_000,
      healthy,
      said: '',
    });
  return truth;
}

const once = (at: number, healthy: boolean): [number, boolean][] => [[at, healthy]];

const CUT: [number, Phase][] = [
  [0, 'well'],
  [20, 'broken'],
];

test('who said at each time what was so is honest', () => {
  const told = honesty(heard(CUT, [...once(15, true), ...once(35, false)]), true, []);
  expect(told).toMatchObject({ good: true, words: 'status 2 words, 1 while broken, 1 while well, slowest 0.0 s' });
});

test('a lie, a silence, a failure to ask', () => {
  const told = (words: [number, boolean][], failures: string[] = []) =>
    honesty(heard(CUT, words), true, failures).words;
  expect(
    told([
      [15, true],
      [35, true],
      [36, false],
    ]),
  ).toMatch(/^1 lies; status/);
  expect(
    told([
      [15, true],
      [35, false],
      [96, false],
    ]),
  ).toMatch(/^status said nothing for 61.0 s; /);
  expect(
    told(
      [
        [15, true],
        [35, false],
      ],
      ['a failure'],
    ),
  ).toMatch(/^a failure; /);
});

test('who was never heard when it could have lied has proven nothing', () => {
  const often = (at: number, healthy: boolean) => Array.from({ length: 100 }, (): [number, boolean] => [at, healthy]);
  const neverBroken = heard(CUT, [...often(15, true), ...often(25, true)]);
  expect(honesty(neverBroken, true, [])).toMatchObject({ good: false });
  expect(honesty(heard(CUT, [...often(25, false), ...often(35, false)]), true, [])).toMatchObject({ good: false });
  expect(honesty(heard(CUT, [...often(15, true), ...often(35, false)]), true, [])).toMatchObject({ good: true });
  // Where nothing was to break, nobody could be.
  expect(honesty(neverBroken, false, [])).toMatchObject({ good: true });
  expect(honesty(heard(CUT, []), true, [])).toMatchObject({ good: false, words: 'nobody was heard' });
});
