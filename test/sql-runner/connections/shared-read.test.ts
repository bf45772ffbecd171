import { sharedRead } from '../../../sql-runner/connections/shared-read';
import type { Session } from '../../../sql-runner/postgres/session';

test('what several parts of a run read is asked once of each session, also while the answer is on its way', async () => {
  const [one, other] = [{}, {}] as [Session, Session];
  let asked = 0;
  const read = sharedRead(async (session) => [session === one ? 'one' : 'other', (asked += 1)]);
  const answers = await Promise.all([read(one), read(other), read(one)]);
  expect(answers).toEqual([
    ['one', 1],
    ['other', 2],
    ['one', 1],
  ]);
  expect(await read(one)).toEqual(['one', 1]);
});
