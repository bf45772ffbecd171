import { behind, seen } from './fires-of-streams';
import { after } from './provocations';

test.each([
  [0, 1, 'has just failed, 1 error by now'],
  [1, 2, 'fails again and again, 2 errors by now'],
])('a worker whose errors were %i and are %i %s', (before, now, words) => {
  const change = seen(
    (look) => {
      behind(look);
      look.worker!.applyErrors = before;
    },
    (look) => (look.worker!.applyErrors = now),
  );
  expect(after(change)).toMatchObject([{ code: 'APPLY_WORKER_FAILING', seen: expect.stringContaining(words) }]);
});
