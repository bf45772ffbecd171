import { streamOf } from '../../../sql-runner/model/streams';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import { stream } from '../support/contract';
import { surveyedSlot } from '../support/surveys';
import { after, type Edit } from './provocations';

/** What slots of the source hold back, which of them are ours, and when they are lost. */
const told = (change: Edit, ...codes: string[]) =>
  after(change).flatMap(({ code, seen, next }) => (codes.includes(code) ? [`${code} ${seen}; ${next}`] : []));
const NAME = 'acas_demo_old';
/** A slot beside those of the environment, 12 GB behind, of a stream that it names no more or of nobody known. */
const beside =
  (ours: boolean, slot: Partial<ReplicationSlot> = {}): Edit =>
  ({ source }) => {
    source.server.flushLsn = '3/30000000';
    for (const one of source.slots) one.restartLsn = '3/30000000';
    source.slots.push(surveyedSlot(NAME, { restartLsn: '0/30000000', active: false, ...slot }));
    if (ours) source.forgotten = [streamOf('shop', { ...stream('old'), slot: NAME })];
  };

test.each<[string, Edit, string | null]>([
  ['no time', ({ source }) => (source.server.idleSlotTimeout = '0'), null],
  ['no time, in another unit', ({ source }) => (source.server.idleSlotTimeout = '0min'), null],
  ['ten minutes', ({ source }) => (source.server.idleSlotTimeout = '10'), 'source is 10;'],
])('a slot that is lost when nobody reads it for %s', (_, change, words) => {
  const found = told(change, 'SLOT_IDLE_LIMITED');
  expect(found).toEqual(words === null ? [] : [expect.stringContaining(words)]);
});

test.each([
  [null, 'is lost: the source has removed WAL that it needs;'],
  ['idle_timeout', 'is lost: idle_timeout;'],
])('a slot that the server gave up, which says %p of it', (invalidationReason, words) => {
  const lost: Edit = ({ source }) => Object.assign(source.slots[0]!, { walStatus: 'lost', invalidationReason });
  expect(told(lost, 'SLOT_AT_RISK')).toEqual([expect.stringContaining(words)]);
});

test('of a stream that the environment names no more it is said that it is ours, and what it costs', () => {
  expect(told(beside(true), 'SLOT_WAL_GROWS', 'FOREIGN_SLOT_UNUSED')).toEqual([
    `SLOT_WAL_GROWS replication slot ${NAME} holds back 12288 MB of WAL and nobody reads it; the environment does not name it any more: what STREAM_FORGOTTEN says`,
  ]);
  expect(told(beside(true, { restartLsn: '3/20000000' }), 'SLOT_WAL_GROWS', 'FOREIGN_SLOT_UNUSED')).toEqual([]);
});

test('of others only what nobody reads is told', () => {
  expect(told(beside(false), 'SLOT_WAL_GROWS', 'FOREIGN_SLOT_UNUSED')).toEqual([
    `FOREIGN_SLOT_UNUSED replication slot ${NAME} is not of this environment; nobody reads it, and it holds back 12288 MB of WAL; once its owner says that it is not needed, on the source: SELECT pg_drop_replication_slot('${NAME}');`,
  ]);
  for (const slot of [{ active: true }, { temporary: true }, { restartLsn: null }])
    expect(told(beside(false, slot), 'SLOT_WAL_GROWS', 'FOREIGN_SLOT_UNUSED')).toEqual([]);
});
