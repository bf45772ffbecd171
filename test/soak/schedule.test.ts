import { turns, type Turn } from './schedule';

const KINDS = ['cut', 'crash', 'lock', 'apply'];

function first(count: number, seed: number): Turn[] {
  const turning = turns(seed, KINDS);
  return Array.from({ length: count }, () => turning.next().value);
}

test('a seed fixes what happens, when, and how; another one gives something else', () => {
  expect(first(40, 7)).toEqual(first(40, 7));
  expect(first(40, 7)).not.toEqual(first(40, 8));
});

test('each kind happens before one happens again', () => {
  const happened = first(KINDS.length * 10, 3).map(({ what }) => what);
  const rounds = Array.from({ length: 10 }, (_, i) => happened.slice(i * KINDS.length, (i + 1) * KINDS.length));
  for (const round of rounds) expect([...round].sort()).toEqual([...KINDS].sort());
  expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(1);
});

test('some last longer than may be said wrongly of them, and some are over before anybody looks', () => {
  const lengths = first(200, 1).flatMap(({ seconds, restSeconds }) => [seconds, restSeconds]);
  expect(lengths.filter((seconds) => seconds > 10).length).toBeGreaterThan(100);
  expect(lengths.filter((seconds) => seconds < 6).length).toBeGreaterThan(100);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(20);
});
