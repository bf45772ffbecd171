import { judge, type Phase, type Standing, type Word } from './judge';

const standings = (...phases: [number, Phase][]): Standing[] =>
  phases.map(([seconds, phase]) => ({ at: seconds * 1_000, phase, why: `${phase} since ${seconds}` }));
const word = (healthy: boolean, asked: number, answered = asked): Word => {
  return { by: 'status', database: 'shop', asked: asked * 1_000, answered: answered * 1_000, healthy, said: 'said' };
};

const CUT = standings([0, 'well'], [20, 'broken'], [50, 'either'], [60, 'well']);

test('a word that fits is none, whenever it is said', () => {
  for (const seconds of [11, 19]) expect(judge(CUT, word(true, seconds))).toBeNull();
  for (const seconds of [31, 49]) expect(judge(CUT, word(false, seconds))).toBeNull();
});

test('within ten seconds after a change what was true before may be said', () => {
  expect(judge(CUT, word(true, 29.9))).toBeNull();
  expect(judge(CUT, word(false, 69.9))).toBeNull();
});

test('after that it is a lie, told with the truth', () => {
  expect(judge(CUT, word(true, 30))).toEqual({ word: word(true, 30), truth: CUT[1] });
  expect(judge(CUT, word(false, 70))).toEqual({ word: word(false, 70), truth: CUT[3] });
});

test('while it heals both may be said, and of what was healed while it was asked', () => {
  for (const seconds of [50, 55, 59.9])
    for (const healthy of [true, false]) expect(judge(CUT, word(healthy, seconds))).toBeNull();
  expect(judge(CUT, word(true, 45, 51))).toBeNull();
  expect(judge(CUT, word(true, 45, 49))).not.toBeNull();
});

test('what is broken anew for the same length of time as before is no excuse for not having seen it', () => {
  const twice = standings([0, 'well'], [20, 'broken'], [40, 'broken']);
  expect(judge(twice, word(true, 41))).toMatchObject({ truth: { at: 40_000 } });
});

test('before anything is known nothing is a lie', () => {
  expect(judge([], word(true, 100))).toBeNull();
  expect(judge(standings([10, 'broken']), word(true, 19))).toBeNull();
  expect(judge(standings([10, 'broken']), word(true, 20))).not.toBeNull();
});
