import { aProblem } from '../support/trouble';
import { OperatorError } from '../../../errors/operator-error';
import { HEALTH_STATES } from '../../../sql-runner/model/health';
import type { LiveView } from '../../../sql-runner/actions/live';
import { LagHistory } from '../../../sql-runner/model/lag-history';
import { METRICS } from '../../../sql-runner/render/metric-list';
import { metricsText } from '../../../sql-runner/render/metrics';
import { exposition } from '../support/exposition';
import { sampleOf, streamOf } from '../support/stream-status';

const unseen = new OperatorError({ code: 'CONNECT_TIMEOUT', seen: 's', why: 'w', next: 'n' });

function viewOf(sample: LiveView['sample']): LiveView {
  const streams = ['shop', 'ledger'].map((database) => ({ database, slot: `acas_demo_${database}` }));
  const looks = { seen: 3, unseen: 1 };
  const seenAt = new Date('2026-01-02T03:04:05Z');
  const outputsAt = new Date('2026-01-02T03:00:00Z');
  return { environment: 'demo', streams, sample, unseen: sample === null ? unseen : null, seenAt, looks, outputsAt };
}

const told = async (sample: LiveView['sample']) => exposition(await metricsText(viewOf(sample)));

const VIEWS: [string, LiveView['sample']][] = [
  ['nothing was seen', null],
  ['both stream', sampleOf([streamOf('shop'), streamOf('ledger')])],
  ['a stream has no slot', sampleOf([streamOf('shop', { slotRead: null, walStatus: null }), streamOf('ledger')])],
  ['one is not shown at all', sampleOf([streamOf('shop')])],
  ['the clone is not reached', sampleOf([streamOf('shop', { state: 'clone not reached' })], undefined, 'not reached')],
  ...HEALTH_STATES.map((state): [string, LiveView['sample']] => [state, sampleOf([streamOf('shop', { state })])]),
];

test.each(VIEWS)('no series vanishes, and no other comes: %s', async (_, sample) => {
  const all = await told(sampleOf([streamOf('shop'), streamOf('ledger')]));
  const now = await told(sample);
  expect([...now.series.keys()]).toEqual([...all.series.keys()]);
  expect([...now.types.keys()]).toEqual(METRICS.map(({ name }) => name));
});

test.each(VIEWS)('each stream has one state: %s', async (_, sample) => {
  const { values } = await told(sample);
  for (const database of ['shop', 'ledger']) {
    const states = values('acas_stream_state', { database });
    expect(states.filter(({ value }) => value === 1)).toHaveLength(1);
    expect(states.filter(({ value }) => value === 0)).toHaveLength(HEALTH_STATES.length);
  }
});

test('healthy is only what follows and has nothing that speaks against it', async () => {
  const healthy = async (more: Parameters<typeof streamOf>[1]) => {
    const { values } = await told(sampleOf([streamOf('shop', more)]));
    return values('acas_stream_healthy').map(({ value }) => value);
  };
  // The ledger was not seen.
  expect(await healthy({})).toEqual([1, 0]);
  expect(await healthy({ state: 'catching up' })).toEqual([1, 0]);
  expect(await healthy({ problems: [aProblem('CONTINUITY_NOT_PROVEN')] })).toEqual([0, 0]);
  expect(await healthy({ problems: [aProblem('SUBSCRIPTION_ALTERED')] })).toEqual([0, 0]);
  for (const state of HEALTH_STATES.filter((one) => !['streaming', 'catching up'].includes(one)))
    expect([state, await healthy({ state })]).toEqual([state, [0, 0]]);
});

test('what is not seen is NaN, never a number of before', async () => {
  const { values } = await told(null);
  const ofStreams = METRICS.filter(
    ({ name }) => !/^acas_(info|up|looks|last_look|outputs|stream_(healthy|state))|_status$/.test(name),
  );
  for (const { name } of ofStreams)
    expect([name, values(name).every(({ value }) => Number.isNaN(value))]).toEqual([name, true]);
  expect(values('acas_up').map(({ value }) => value)).toEqual([0, 0]);
  expect(values('acas_looks_total').map(({ labels, value }) => [labels.outcome, value])).toEqual([
    ['seen', 3],
    ['unseen', 1],
  ]);
});

test('figures of a stream, in base units, and of its slot as postgres_exporter calls them', async () => {
  const history = new LagHistory();
  for (const second of [0, 10, 20])
    history.add({ at: second * 1_000, written: BigInt(5_000 + second * 100), confirmed: BigInt(second * 300) });
  const shop = streamOf('shop', {
    lagBytes: 1_000,
    lastMessage: '2026-01-02T03:04:05.500Z',
    writtenLsn: '1/0',
    confirmedLsn: '0/10',
    retainedBytes: 77,
    safeWalBytes: 88,
    applyErrors: 4,
  });
  const { values } = await told(sampleOf([shop], new Map([[shop.slot, history]])));
  const of = (name: string) => values(name, { database: 'shop' })[0]!.value;
  expect({
    bytes: of('acas_stream_lag_bytes'),
    written: of('acas_stream_written_bytes_per_second'),
    applied: of('acas_stream_applied_bytes_per_second'),
    catchUp: of('acas_stream_catch_up_seconds'),
    message: of('acas_stream_last_message_timestamp_seconds'),
    errors: of('acas_stream_apply_errors'),
    tables: of('acas_stream_tables'),
    retained: of('acas_slot_retained_wal_bytes'),
  }).toEqual({
    bytes: 1_000,
    written: 100,
    applied: 300,
    catchUp: 5,
    message: Date.parse('2026-01-02T03:04:05.500Z') / 1_000,
    errors: 4,
    tables: 3,
    retained: 77,
  });
  const slot = (name: string) => values(`pg_replication_slot_${name}`, { slot_name: shop.slot, slot_type: 'logical' });
  expect(slot('slot_current_wal_lsn')[0]!.value).toBe(2 ** 32);
  expect(slot('slot_confirmed_flush_lsn')[0]!.value).toBe(16);
  expect(slot('slot_is_active')[0]!.value).toBe(1);
  expect(slot('safe_wal_size_bytes')[0]!.value).toBe(88);
  expect(
    slot('wal_status')
      .filter(({ value }) => value === 1)
      .map(({ labels }) => labels.wal_status),
  ).toEqual(['reserved']);
});

test('the clone is up only where it was read', async () => {
  const clone = async (now: 'deployed' | 'not deployed' | 'not reached') =>
    (await told(sampleOf([], undefined, now))).values('acas_up', { side: 'clone' })[0]!.value;
  expect([await clone('deployed'), await clone('not deployed'), await clone('not reached')]).toEqual([1, 0, 0]);
});

test('names and labels are what Prometheus takes, and each says what it is', () => {
  for (const { name, help, type } of METRICS) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(help).toMatch(/^[A-Z].*\.$/);
  }
});
