import type { LiveView } from '../../../sql-runner/actions/live';
import { cloudwatchMetrics } from '../../../sql-runner/render/cloudwatch-metrics';
import { lookOnce, partsOf } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';

const NOW = Date.parse('2026-01-02T03:10:00Z');
const at = (time: string | null) => ({ provenUntil: time && `2026-01-02T${time}Z` });

async function viewOf(streams: Parameters<typeof streamOf>[], seen = true): Promise<LiveView> {
  const sample = sampleOf(streams.map((args) => streamOf(...args)));
  const parts = partsOf(() => (seen ? Promise.resolve(sample) : Promise.reject(new Error('gone'))), ['shop', 'ledger']);
  await lookOnce(parts);
  return parts.live.view();
}

const told = async (...args: Parameters<typeof viewOf>) =>
  Object.fromEntries(cloudwatchMetrics(await viewOf(...args), NOW).map(({ name, value }) => [name, value]));

test('the age is that of the stream whose newest proven beat is the oldest', async () => {
  const streams = await told([
    ['shop', at('03:09:59')],
    ['ledger', at('03:05:00')],
  ]);
  expect(streams).toEqual({ HeartbeatAge: 300, UnhealthyStreams: 0 });
});

test('where it is not known of one, the others do not speak for it', async () => {
  const streams = await told([
    ['shop', at('03:09:59')],
    ['ledger', { ...at(null), state: 'not proven' }],
  ]);
  expect(streams).toEqual({ UnhealthyStreams: 1 });
});

test('one that was not seen is not healthy, and its age not known', async () => {
  expect(await told([['shop', at('03:09:59')]])).toEqual({ UnhealthyStreams: 1 });
});

test('while nothing can be seen nothing is told', async () => {
  expect(await told([['shop', at('03:09:59')]], false)).toEqual({});
});

test('a clock that is behind makes no age below 0', async () => {
  const ahead = { provenUntil: '2026-01-02T03:11:00Z' };
  const streams = await told([
    ['shop', ahead],
    ['ledger', ahead],
  ]);
  expect(streams).toEqual({ HeartbeatAge: 0, UnhealthyStreams: 0 });
});
