import { answerIn } from '../../../sql-runner/postgres/answer-in';

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
