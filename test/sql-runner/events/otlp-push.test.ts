import protobuf from 'protobufjs';
import { version } from '../../../package.json';
import type { LiveView } from '../../../sql-runner/actions/live';
import { wrongOtlpEndpoint } from '../../../sql-runner/commands/otlp-address';
import { otlpPush } from '../../../sql-runner/commands/serve-otlp';
import { OtlpPush } from '../../../sql-runner/events/otlp-push';
import { otlpMetrics } from '../../../sql-runner/render/otlp-metrics';
import { eventually } from '../../support/eventually';
import { HttpReceiver, type Received } from '../../support/http-receiver';
import { lookOnce, partsOf } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';
import { OTLP } from './otlp.proto';

const SECRET = 'a token, of the receiver';
let receiver: HttpReceiver;
beforeEach(async () => (receiver = await HttpReceiver.listening([200, '{}'])));
afterEach(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
  await receiver.close();
});

async function viewOf(seen: boolean): Promise<LiveView> {
  const stream = streamOf('shop', { budgetUsed: null });
  const parts = partsOf(
    () => (seen ? Promise.resolve(sampleOf([stream])) : Promise.reject(new Error('gone'))),
    ['shop'],
  );
  await lookOnce(parts);
  return parts.live.view();
}

interface Decoded {
  resourceMetrics: {
    resource: { attributes: { key: string; value: { stringValue: string } }[] };
    scopeMetrics: { metrics: Series[] }[];
  }[];
}
interface Point {
  attributes: { key: string; value: { stringValue: string } }[];
  asDouble: number;
  timeUnixNano: string;
  startTimeUnixNano?: string;
}
interface Series {
  name: string;
  gauge?: { dataPoints: Point[] };
  sum?: { dataPoints: Point[]; aggregationTemporality: number; isMonotonic: boolean };
}

/** Through the binary form and back: whatever the protocol does not know is lost on the way. */
function decoded(body: string): Decoded {
  const type = protobuf.parse(OTLP).root.lookupType('ExportMetricsServiceRequest');
  const sent = JSON.parse(body) as object;
  const back = type.toObject(type.decode(type.encode(type.fromObject(sent)).finish()), { longs: String, arrays: true });
  expect(back).toEqual(sent);
  return back as Decoded;
}

test('a receiver gets every metric that is known, as the protocol has it, at the path and with the headers it wants', async () => {
  process.env.OTEL_EXPORTER_OTLP_HEADERS = `authorization=${encodeURIComponent(SECRET)}, x-scope-orgid=acas`;
  const view = await viewOf(true);
  const began = Date.now();
  expect(
    await otlpPush({ otlpEndpoint: receiver.url, interval: 10 }, { view: () => view }, () => undefined).once(),
  ).toBeNull();
  const [{ path, headers, body }] = receiver.got as [Received];
  expect(path).toBe('/v1/metrics');
  expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: SECRET, 'x-scope-orgid': 'acas' });
  const [{ resource, scopeMetrics }] = decoded(body).resourceMetrics as [Decoded['resourceMetrics'][number]];
  expect(Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue]))).toEqual({
    'service.name': 'sql-runner',
    'service.version': version,
    'acas.environment': view.environment,
  });
  const series = new Map(scopeMetrics[0]!.metrics.map((one) => [one.name, one]));
  const healthy = series.get('acas_stream_healthy')!.gauge!.dataPoints;
  expect(healthy.map(({ asDouble }) => asDouble)).toEqual([1]);
  expect(healthy[0]!.attributes[0]).toEqual({ key: 'database', value: { stringValue: 'shop' } });
  expect(Number(BigInt(healthy[0]!.timeUnixNano) / 1_000_000n)).toBeGreaterThanOrEqual(began);
  // What has no budget has used nothing of it, and a zero would say that.
  expect(series.has('acas_stream_budget_used_ratio')).toBe(false);
  const looks = series.get('acas_looks_total')!.sum!;
  expect(looks).toMatchObject({ aggregationTemporality: 2, isMonotonic: true });
  expect(looks.dataPoints.map(({ asDouble }) => asDouble)).toEqual([1, 0]);
  expect(BigInt(looks.dataPoints[0]!.startTimeUnixNano!)).toBeLessThanOrEqual(
    BigInt(looks.dataPoints[0]!.timeUnixNano),
  );
});

test('before anything was looked at nothing is sent: it would say that nothing is healthy', async () => {
  const { live } = partsOf(() => Promise.reject(new Error('gone')), ['shop']);
  const push = otlpPush({ otlpEndpoint: receiver.url, interval: 10 }, live, () => undefined);
  expect([await push.once(), receiver.got]).toEqual([null, []]);
  await live.lookOnce();
  expect([await push.once(), receiver.got.length]).toEqual([null, 1]);
});

test('of what could not be looked at no value of before is sent', async () => {
  const body = JSON.stringify(otlpMetrics(await viewOf(false), Date.now(), Date.now()));
  const series = new Map(decoded(body).resourceMetrics[0]!.scopeMetrics[0]!.metrics.map((one) => [one.name, one]));
  expect(series.get('acas_stream_healthy')!.gauge!.dataPoints[0]!.asDouble).toBe(0);
  expect(series.has('acas_stream_lag_bytes')).toBe(false);
});

test('what is not received is told once, tried again more and more seldom, and that it goes again is told', async () => {
  receiver.answers = [503, 302, [200, '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}}'], 500];
  const told: string[] = [];
  let sent = 0;
  const pace = { every: 5, firstWait: 2, longestWait: 10 };
  const push = new OtlpPush(
    new URL(`${receiver.url}/secret/v1/metrics`),
    {},
    () => ({ sent: (sent += 1) }),
    (line) => void told.push(line),
    pace,
  );
  const running = push.run(() => receiver.got.length < 7);
  await running;
  expect(told).toEqual([
    `OTLP receiver ${new URL(receiver.url).host} does not receive the metrics: HTTP 503; they are sent again and again`,
    `OTLP receiver ${new URL(receiver.url).host} receives the metrics again`,
  ]);
  // How things stand, not how they stood.
  expect(receiver.got.map(({ body }) => JSON.parse(body) as object)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((n) => ({ sent: n })),
  );
});

test('a part that is rejected, and a receiver that is not there, are failures', async () => {
  receiver.answers = [[200, '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}}']];
  const pace = { every: 5, firstWait: 2, longestWait: 10 };
  const push = (to: string) =>
    new OtlpPush(
      new URL(to),
      {},
      () => ({}),
      () => undefined,
      pace,
    );
  expect(await push(receiver.url).once()).toBe('it rejects 3 points (too old)');
  await receiver.close();
  expect(await push(receiver.url).once()).toBe('ECONNREFUSED');
});

test('an answer that never comes keeps nobody waiting', async () => {
  receiver.answers = [null];
  const pace = { every: 5, firstWait: 2, longestWait: 10 };
  const push = new OtlpPush(
    new URL(receiver.url),
    {},
    () => ({}),
    () => undefined,
    pace,
  );
  const parts = partsOf(() => Promise.resolve(sampleOf([streamOf('shop')])), ['shop']);
  const sending = push.once();
  await eventually(async () => receiver.got.length === 1);
  await lookOnce(parts);
  expect(parts.live.view().looks.seen).toBe(1);
  receiver.hangUp();
  expect(await sending).toMatch(/\w/);
});

test('only where nobody on the way can read it; what is wrong with headers is told without them', () => {
  expect(wrongOtlpEndpoint('https://otlp.example.com/')).toBeNull();
  expect(wrongOtlpEndpoint('http://127.0.0.1:4318')).toBeNull();
  expect(wrongOtlpEndpoint('http://otlp.example.com:4318')).toMatch(/^is not https/);
  expect(wrongOtlpEndpoint('https://me:secret@otlp.example.com')).toMatch(/^has a login in it/);
  expect(wrongOtlpEndpoint('otlp')).toBe('is no URL');
  for (const headers of ['a token', 'x=%E0%A4%A', 'a b=token', 'x=to%0Aken']) {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = headers;
    const making = () =>
      otlpPush({ otlpEndpoint: receiver.url, interval: 10 }, { view: () => ({}) as LiveView }, () => undefined);
    expect(making).toThrow(
      'error: OTEL_EXPORTER_OTLP_HEADERS is not key=value pairs, percent-encoded, with commas between',
    );
  }
});
