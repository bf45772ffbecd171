import { arrivalOf } from '../../../sql-runner/resources/arrival';

const beat = (number: number) => ({
  id: String(number),
  previous: number === 1 ? null : String(number - 1),
  number,
  at: `2026-11-29T14:00:0${number}Z`,
  passed: null,
  age: 100 - number,
});
const [one, two, three] = [1, 2, 3].map(beat) as [
  ReturnType<typeof beat>,
  ReturnType<typeof beat>,
  ReturnType<typeof beat>,
];

test.each([
  ['all that arrived proves', undefined, two.at],
  ['what came later than anybody looked does not', '2026-11-29T14:00:01.500Z', one.at],
  ['none does where all came later', '2026-11-29T14:00:00Z', null],
  ['none does where nobody looked', null, null],
])('%s, and what is on its way is the same', (_, looked, provenUntil) => {
  expect(arrivalOf([one, two, three], [one, two], looked)).toEqual({ provenUntil, waiting: three.age });
});
