import { coverage, Tally } from './summary';

function tallied(...happened: string[]): Tally {
  const tally = new Tally(['cut', 'lock']);
  for (const what of happened) tally.add(what, 1_000);
  return tally;
}

test('what never happened has not been tried, and ten minutes are enough for all of it', () => {
  expect(coverage(tallied('cut', 'cut'), 10)).toMatchObject({ good: false, words: '2 times something, never: lock' });
  expect(coverage(tallied('cut', 'lock'), 10)).toMatchObject({ good: true });
});

test('less than that is a look at something, and says what it has not tried', () => {
  expect(coverage(tallied('cut'), 2)).toEqual({
    what: 'all that happened',
    good: true,
    words: '1 times something, never: lock',
  });
});
