import { AnswersInTurn, answerIn } from '../../../sql-runner/postgres/answer-in';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const silent = new Error('silent');

/** What became of something that is answered after `answeredMs`, of a server that is silent from `silentMs` on. */
async function asking(answeredMs: number, silentMs: number, limitMs = 60_000) {
  const began = Date.now();
  let [looks, end]: [number, (error: Error) => void] = [0, () => undefined];
  const asked = new Promise<string>((resolve, reject) => {
    end = reject;
    setTimeout(() => resolve('answer'), answeredMs);
  });
  const silenceOf = () => {
    looks += 1;
    return Promise.resolve(Date.now() - began >= silentMs ? silent : null);
  };
  const told = answerIn(limitMs, asked, (error) => end(error), silenceOf).catch((error: Error) => error.message);
  let after = 0;
  void told.then(() => (after = Date.now() - began));
  await jest.advanceTimersByTimeAsync(answeredMs + 10_000);
  return { told: await told, looks, after };
}

test('what is answered soon is not asked about', async () => {
  expect(await asking(900, 0)).toEqual({ told: 'answer', looks: 0, after: 900 });
});

test('a server that says nothing to anybody is given up after a second', async () => {
  expect(await asking(60_000, 0)).toEqual({ told: 'silent', looks: 1, after: 1_000 });
});

test('one that answers others is waited for, and asked about more and more seldom', async () => {
  expect(await asking(20_000, Infinity)).toEqual({ told: 'answer', looks: 4, after: 20_000 });
});

test('one that falls silent in the middle is given up when it is asked about next', async () => {
  expect(await asking(20_000, 2_000)).toEqual({ told: 'silent', looks: 2, after: 3_000 });
});

test('what has no limit is waited for', async () => {
  expect(await asking(20_000, 0, 0)).toEqual({ told: 'answer', looks: 0, after: 20_000 });
});

test('whether it is silent may not be known', async () => {
  jest.useRealTimers();
  const asked = new Promise<string>((resolve) => setTimeout(() => resolve('answer'), 1_200));
  expect(
    await answerIn(
      60_000,
      asked,
      () => undefined,
      () => Promise.reject(silent),
    ),
  ).toBe('answer');
});

test('the time of one that waits for others runs from their answers on', async () => {
  const [turns, given] = [new AnswersInTurn(), [] as string[]];
  const soon = (name: string, ms: number) =>
    turns.in(60_000, new Promise<string>((resolve) => setTimeout(() => resolve(name), ms)), ({ message }) =>
      given.push(`${name}: ${message}`),
    );
  const all = Promise.all([soon('first', 50_000), soon('second', 100_000), soon('third', 170_000)]);
  await jest.advanceTimersByTimeAsync(170_000);
  expect(await all).toEqual(['first', 'second', 'third']);
  expect(given).toEqual(['third: no answer came within 65 s']);
});

test('one that is refused before its turn fails in its turn, and only that', async () => {
  const turns = new AnswersInTurn();
  const first = turns.in(60_000, new Promise((resolve) => setTimeout(resolve, 1_000)), () => undefined);
  const refused = turns.in(60_000, Promise.reject(new Error('refused')), () => undefined);
  const told = Promise.allSettled([first, refused]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect((await told).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});
