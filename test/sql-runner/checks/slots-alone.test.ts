import { streamFacts } from '../../../sql-runner/model/stream-state';
import type { SourceObservation } from '../../../sql-runner/model/observation';
import { meanwhile, streamsAlone, type StreamAlone } from '../../../sql-runner/checks/slots-alone';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import { streamsOf } from '../../../sql-runner/model/streams';
import { sourceContract } from '../support/contract';
import { edit, following, NONCE, type Draft } from '../support/observations';
import { healthySource, surveyedSlot } from '../support/surveys';

/** Amounts and limits, in words. */
const contract = sourceContract(['shop']);
const MB = 1024 * 1024;

function said(slot: Partial<ReplicationSlot>, server: Partial<SourceObservation['server']> = {}): string {
  const stream: StreamAlone = {
    of: streamFacts(contract, following(contract))[0]!,
    prepared: true,
    cloned: true,
    finding: null,
    slot: surveyedSlot('acas_demo_shop', { active: false, ...slot }),
  };
  const settings = { ...healthySource(contract).server, ...server };
  return meanwhile([stream], { ...following(contract).source, server: settings });
}

test.each([
  [{ safeWalSize: 9 * MB + 1 }, 'once 9 MB more are written a slot may be lost (max_slot_wal_keep_size is 64 MB)'],
  [{ safeWalSize: -1 }, 'a slot may be lost at the next checkpoint (max_slot_wal_keep_size is 64 MB)'],
  [{ safeWalSize: null }, 'max_slot_wal_keep_size is 64 MB'],
])('of a limit it is said how near it is: %p', (slot, limit) => {
  const kept = 'Meanwhile production keeps 16 MB of WAL for the clone; ';
  expect(said(slot, { maxSlotWalKeepSize: 64 })).toBe(`${kept}${limit}. Nobody reads it.`);
});

test('without one it is said what happens, and when a slot is lost because nobody reads it', () => {
  const forEver = 'it can grow until the storage of production is full';
  expect(said({ restartLsn: null })).toMatch(new RegExp(`^Meanwhile production keeps 0 MB .*: ${forEver}\\. Nobody`));
  expect(said({}, { idleSlotTimeout: '0' })).toContain(`${forEver}.`);
  expect(said({}, { idleSlotTimeout: '1d' })).toContain(
    `${forEver}; one that nobody reads for 1d is lost (idle_replication_slot_timeout).`,
  );
  expect(said({ active: true })).toMatch(/1 of 1 slots is read at this moment: the clone itself may be running\.$/);
});

const two = sourceContract(['shop', 'ledger']);
/** What the source tells of two streams that follow, while the clone cannot be read. */
function alone(change: (source: Draft<SourceObservation>) => unknown = () => undefined, nonce = NONCE) {
  const { server } = healthySource(two);
  const slots = streamsOf(two).map(({ database, stream }) => surveyedSlot(stream.slot, { database, active: false }));
  const source = edit<SourceObservation>({ ...following(two).source, server, slots }, change);
  const streams = streamsAlone(two, source, nonce);
  return { streams, text: meanwhile(streams, source) };
}
const shop = ({ streams }: ReturnType<typeof alone>) => {
  const { prepared, cloned, finding, slot } = streams[0]!;
  return { prepared, cloned, code: finding?.code ?? null, slot: slot?.name ?? null };
};
const WELL = { prepared: true, cloned: true, code: null, slot: 'acas_demo_shop' };
const unmarked = ({ databases }: Draft<SourceObservation>) => {
  const [publication] = databases.shop!.publications;
  publication!.comment = publication!.comment!.replace(/,"ticket":.*}/, '}');
};
const gone = ({ slots }: Draft<SourceObservation>) => slots.shift();

test.each<[string, Parameters<typeof alone>, object]>([
  ['as it was left', [], WELL],
  ['of another clone', [undefined, 'other'], { ...WELL, cloned: false }],
  ['without a ticket', [unmarked], { ...WELL, prepared: false, cloned: false }],
  ['without a slot', [gone], { prepared: true, cloned: true, code: 'SLOT_LOST', slot: null }],
  [
    'without a slot, of another clone, for which it is made again',
    [gone, 'other'],
    { prepared: false, cloned: false, code: null, slot: null },
  ],
  [
    'with a lost slot',
    [({ slots }) => (slots[0]!.walStatus = 'lost')],
    { prepared: true, cloned: true, code: 'SLOT_LOST', slot: null },
  ],
  ['with a slot that the subscription has made two-phase', [({ slots }) => (slots[0]!.twoPhase = true)], WELL],
])('a stream %s', (_, asked, expected) => {
  expect(shop(alone(...asked))).toEqual(expected);
});

test('what is lost and what is kept is told of each', () => {
  const lose = (...numbers: number[]) =>
    alone(({ slots }) => numbers.forEach((n) => (slots[n]!.walStatus = 'lost'))).text;
  const kept = 'Meanwhile production keeps 16 MB of WAL for the clone; ';
  expect(lose()).toMatch(new RegExp(`^${kept}`));
  expect(lose(0)).toMatch(
    new RegExp(`^The slot of database shop is lost: production keeps no WAL for it any more\\. ${kept}`),
  );
  expect(lose(0, 1)).toBe('The slots of databases shop, ledger are lost: production keeps no WAL for them any more.');
  const none = alone(({ databases }) => Object.values(databases).forEach((one) => (one.publications = [])));
  expect(none.text).toBe('Production has no slot of ours, and keeps no WAL for the clone.');
});

test('of several slots the one tells that keeps most, and the one that is lost first', () => {
  const { text } = alone(({ slots, server }) => {
    server.maxSlotWalKeepSize = 64;
    Object.assign(slots[0]!, { restartLsn: '0/20000000', safeWalSize: 30 * MB, active: true });
    Object.assign(slots[1]!, { restartLsn: '0/2F000000', safeWalSize: 9 * MB, active: true });
  });
  expect(text).toBe(
    'Meanwhile production keeps 256 MB of WAL for the clone; once 9 MB more are written a slot may be lost (max_slot_wal_keep_size is 64 MB). 2 of 2 slots are read at this moment: the clone itself may be running.',
  );
});

test.each([
  ['0', false],
  ['0ms', false],
  ['0 s', false],
  ['10min', true],
  ['1d', true],
])('an idle timeout of %s', (idleSlotTimeout, limited) => {
  expect(said({}, { idleSlotTimeout }).includes('idle_replication_slot_timeout')).toBe(limited);
});

test('a slot that is not behind keeps nothing; without any WAL to keep one is lost at once', () => {
  expect(said({ restartLsn: '0/40000000' })).toMatch(/^Meanwhile production keeps 0 MB/);
  expect(said({}, { flushLsn: null })).toMatch(/^Meanwhile production keeps 0 MB/);
  expect(said({ safeWalSize: 0 }, { maxSlotWalKeepSize: 0 })).toContain(
    'a slot may be lost at the next checkpoint (max_slot_wal_keep_size is 0 MB)',
  );
});
