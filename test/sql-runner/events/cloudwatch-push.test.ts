import { CloudWatchPush } from '../../../sql-runner/events/cloudwatch-push';

const PACE = { every: 1, firstWait: 1, longestWait: 1 };
const METRIC = { name: 'HeartbeatAge', value: 3, unit: 'Seconds' } as const;

test('it says once that CloudWatch does not receive, and once that it does again; nothing to send is no failure', async () => {
  const lines: string[] = [];
  const answers: (Error | null)[] = [new Error('throttled'), new Error('throttled'), null, null];
  const sent: number[] = [];
  let metrics: readonly (typeof METRIC)[] | null = null;
  const push = new CloudWatchPush(
    (data) => {
      sent.push(data.length);
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : Promise.resolve();
    },
    () => metrics,
    (line) => lines.push(line),
    PACE,
  );
  expect(await push.once()).toBeNull();
  metrics = [METRIC];
  for (let n = 0; n < 4; n += 1) await push.once();
  expect(sent).toEqual([1, 1, 1, 1]);
  expect(lines).toEqual([
    expect.stringMatching(/^CloudWatch does not receive the metrics: .*throttled.*; they are sent again and again$/),
    'CloudWatch receives the metrics again',
  ]);
});
